import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lnGamma } from './ln-gamma.js';
import { normalCdf, normalQuantile } from './normal.js';

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
