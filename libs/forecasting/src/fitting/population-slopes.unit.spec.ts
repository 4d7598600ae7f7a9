import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FitRows } from './fit-rows.js';
import { mixtureLogLikelihood } from './mixture-likelihood.js';
import { fromPoint, mixtureOf } from './population-parameters.js';
import { populationSlopes } from './population-slopes.js';

const ln = (low: number, high: number): fc.Arbitrary<number> =>
  fc.double({ min: Math.log(low), max: Math.log(high), noNaN: true });
/** ln of r, typical gap, a, b, typical k, concentration of k. */
const point = fc.tuple(ln(0.2, 8), ln(0.3, 20), ln(0.1, 5), ln(0.2, 10), ln(0.6, 6), ln(0.5, 8));
const customer = fc.record({
  x: fc.integer({ min: 0, max: 30 }),
  gap: ln(0.2, 10).map(Math.exp),
  /** How much shorter the geometric mean of the gaps is than their mean: 0 is clockwork. */
  unevenness: fc.double({ min: 0, max: 1.5, noNaN: true }),
  silence: fc.oneof(fc.constant(0), ln(0.05, 40).map(Math.exp)),
  weight: fc.integer({ min: 1, max: 3 }),
});

describe('the slopes of the likelihood of a population', () => {
  it('equal differences of it, and its value is the same', () => {
    fc.assert(
      fc.property(point, fc.array(customer, { minLength: 1, maxLength: 6 }), (at, customers) => {
        const rows = rowsOf(customers);
        const value = (moved: readonly number[]): number =>
          mixtureLogLikelihood(mixtureOf(fromPoint(moved, 7)), rows);

        const found = populationSlopes(at, 7, rows);

        expect(Math.abs(found.value - value(at))).toBeLessThan(1e-8 * (1 + Math.abs(value(at))));
        at.forEach((v, j) => {
          const by = (step: number): number => value(at.map((w, l) => (l === j ? v + step : w)));
          const difference = (by(1e-4) - by(-1e-4)) / 2e-4;
          const size = 1 + Math.abs(difference) + 1e-3 * Math.abs(found.value);
          expect(Math.abs((found.slopes[j] ?? 0) - difference)).toBeLessThan(1e-4 * size);
        });
      }),
    );
  });
});

type Customer = typeof customer extends fc.Arbitrary<infer T> ? T : never;

function rowsOf(customers: readonly Customer[]): FitRows {
  return {
    size: customers.length,
    customers: customers.reduce((sum, { weight }) => sum + weight, 0),
    weight: Float64Array.from(customers, ({ weight }) => weight),
    x: Uint32Array.from(customers, ({ x }) => x),
    tx: Float64Array.from(customers, ({ x, gap }) => x * gap),
    T: Float64Array.from(customers, ({ x, gap, silence }) => x * gap + silence),
    litt: Float64Array.from(
      customers,
      ({ x, gap, unevenness }) => x * (Math.log(gap) - unevenness),
    ),
  };
}
