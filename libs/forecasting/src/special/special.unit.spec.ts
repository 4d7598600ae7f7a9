import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { betaFraction } from './beta-fraction.js';
import { lnGamma } from './ln-gamma.js';
import { normalCdf, normalQuantile } from './normal.js';
import { lnBeta, special } from './special-functions.js';

describe('normal distribution', () => {
  it.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [-1.959963984540054, 0.025],
    [-5, 2.8665157187919e-7],
    [-10, 7.61985302416052e-24],
  ])('has the tabled value at %f', (z, p) => {
    expect(Math.abs(normalCdf(z) / p - 1)).toBeLessThan(1e-8);
  });

  it('comes back from its quantile', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (p) => {
        expect(Math.abs(normalCdf(normalQuantile(p)) - p)).toBeLessThan(1e-12);
      }),
    );
  });

  it('ends at infinity', () => {
    expect(normalQuantile(0)).toBe(-Infinity);
    expect(normalQuantile(1)).toBe(Infinity);
    expect(normalCdf(-Infinity)).toBe(0);
  });
});

describe('lnGamma', () => {
  it.each([
    [1, 0],
    [5, Math.log(24)],
    [0.5, Math.log(Math.PI) / 2],
    [0.1, 2.252712651734206],
    [171, 706.5730622457875],
  ])('has the tabled value at %f', (x, value) => {
    expect(lnGamma(x)).toBeCloseTo(value, 11);
  });

  it('steps by ln x', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1e5, noNaN: true }), (x) => {
        const step = lnGamma(x + 1) - lnGamma(x);
        expect(Math.abs(step - Math.log(x))).toBeLessThan(1e-12 * Math.max(10, lnGamma(x + 1)));
      }),
    );
  });
});

describe('betaFraction', () => {
  const ln = (low: number, high: number): fc.Arbitrary<number> =>
    fc.double({ min: Math.log(low), max: Math.log(high), noNaN: true }).map(Math.exp);

  it('makes the incomplete beta function of the library, for small and large shapes', () => {
    const share = fc.double({ min: 1e-6, max: 1, noNaN: true });
    fc.assert(
      fc.property(ln(1e-3, 1e5), ln(1e-3, 1e5), share, (p, q, part) => {
        const w = (part * (p + 1)) / (p + q + 2);
        const front = Math.exp(p * Math.log(w) + q * Math.log1p(-w) - lnBeta(p, q)) / p;
        const expected = special.incompleteBeta(w, p, q);
        // The large logarithms that the front is made of are true to their last digits only.
        const tolerance = 1e-11 + 1e-14 * Math.abs(lnGamma(p + q));
        const found = front * betaFraction(w, p, q);
        expect(Math.abs(found - expected)).toBeLessThan(tolerance * expected + 1e-290);
      }),
    );
  });

  it('takes thousands of terms without leaving the range of numbers', () => {
    // The two tails of a half meet in the middle.
    for (const p of [1e6, 1e7]) {
      const front = Math.exp(-2 * p * Math.LN2 - lnBeta(p, p)) / p;
      expect(front * betaFraction(0.5, p, p)).toBeCloseTo(0.5, 6);
    }
  });
});
