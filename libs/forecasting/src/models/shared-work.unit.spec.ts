import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { special } from '../special/special-functions.js';
import { countAfterPurchase } from './count-after-purchase.js';
import { CountTable } from './count-table.js';
import { gapDensity } from './gap-law.js';
import { GapPoint } from './gap-point.js';
import { GapPosterior } from './gap-posterior.js';
import { regularityNodes, weighNodes } from './regularity-prior.js';

const ln = (low: number, high: number): fc.Arbitrary<number> =>
  fc.double({ min: Math.log(low), max: Math.log(high), noNaN: true }).map(Math.exp);
const population = fc.record({ r: ln(0.1, 10), alpha: ln(0.5, 50), a: ln(0.1, 5), b: ln(0.2, 20) });
const customer = fc
  .record({ x: fc.integer({ min: 0, max: 60 }), gap: ln(0.2, 20) })
  .map(({ x, gap }) => ({ x, tx: x * gap, litt: x * Math.log(gap) }));
const lnBeta = (p: number, q: number): number =>
  special.lnGamma(p) + special.lnGamma(q) - special.lnGamma(p + q);

describe('a point of the law of gaps', () => {
  it('is what the library gives one by one, also where hardly anything has passed or is left', () => {
    const point = new GapPoint();
    const shape = fc.oneof(ln(0.2, 30), fc.constantFrom(...regularityNodes));
    fc.assert(
      fc.property(ln(0.05, 3000), shape, ln(1e-6, 1e6), (R, k, t) => {
        const lnB = lnBeta(R, k);
        point.at(R, k, lnB, t, Math.log(t));
        close(point.survival, special.incompleteBeta(1 / (1 + t), R, k), 1e-9, 1e-12);
        close(point.cdf, special.incompleteBeta(t / (1 + t), k, R), 1e-9, 1e-12);
        close(point.slope, t * gapDensity(R, k, lnB, t), 1e-9, 1e-12);
      }),
    );
  });
});

describe('dates found together', () => {
  it('are those at which the share has passed, to a few millionths', () => {
    fc.assert(
      fc.property(
        population,
        customer,
        ln(0.5, 9),
        ln(0.2, 4),
        fc.oneof(fc.constant(0), ln(0.05, 60)),
        (p, state, tk, gk, u) => {
          const posterior = new GapPosterior({ ...p, nodes: weighNodes(tk, gk) });
          posterior.load(state);
          const levels = [0.08, 0.5, 0.93];
          const found = new Float64Array(3);
          const isThere = posterior.quantiles(levels, u, 52, found);
          const within = posterior.survival(u) - posterior.survival(u + 52);
          if (!isThere) expect(within).toBeLessThan(1e-12);
          if (within < 1e-9) return;
          const passed = (v: number): number =>
            (posterior.survival(u) - posterior.survival(u + v)) / within;
          levels.forEach((level, i) => {
            const v = found[i] ?? 0;
            const step = 1e-5 * v + 1e-9;
            expect(passed(v - step)).toBeLessThan(level + 1e-7);
            expect(passed(v + step)).toBeGreaterThan(level - 1e-7);
          });
        },
      ),
    );
  });
});

describe('a table of counts', () => {
  it('gives the sum itself to five millionths, at and between its knots', () => {
    const state = fc.record({
      k: fc.constantFrom(...regularityNodes),
      R: ln(0.3, 400),
      dead: ln(0.1, 5),
      stay: ln(0.3, 80),
    });
    fc.assert(
      fc.property(state, ln(1e-5, 1e4), (own, t) => {
        const exact = countAfterPurchase(own, t);
        const table = new CountTable(own);
        close(table.at(t), exact, 5e-6, 1e-9);
        expect(table.at(t)).toBe(table.at(t));
      }),
      { numRuns: 60 },
    );
  });
});

function close(found: number, expected: number, relative: number, absolute: number): void {
  expect(Math.abs(found - expected)).toBeLessThan(relative * Math.abs(expected) + absolute);
}
