import { describe, expect, it } from '@jest/globals';
import { KnownHistory } from '../statistics/index.js';
import { FEATURES, fromLogit } from './features.js';
import { lookBack } from './look-back.js';

const parameters = { unitDays: 7, r: 1.5, alpha: 9, a: 0.8, b: 2.5, tk: 3, gk: 2 };
const origin = 100;
/** Days of purchase: the last ones of each lie 10, 40 and 80 days after the origin, or nowhere. */
const customers = [[0, 30, 60, 110], [20, 140], [5, 50, 95, 180], [40], [130, 150]];
const known = new KnownHistory(
  {
    size: customers.length,
    offsets: Uint32Array.from([0, 4, 6, 10, 11, 13]),
    days: Int32Array.from(customers.flat()),
    spend: Float64Array.from(customers.flat(), () => 1_000),
  },
  origin + 90,
);

describe('a look back', () => {
  const look = lookBack(known, origin, {
    horizonsDays: [14, 30, 60, 90, 180],
    horizonCapDays: 365,
    parameters,
  });

  it('holds for each horizon that has passed who came within it, of those known by then', () => {
    const outcomes = look.rows.map(({ horizonDays, outcome }) => [horizonDays, [...outcome]]);
    expect(outcomes).toEqual([
      [14, [1, 0, 0, 0]],
      [30, [1, 0, 0, 0]],
      [60, [1, 1, 0, 0]],
      [90, [1, 1, 1, 0]],
    ]);
  });

  it('knows of them what the origin knew', () => {
    const feature = (row: number, j: number): number =>
      look.rows[1]?.features[row * FEATURES + j] ?? NaN;
    [0, 1, 2, 3].forEach((i) => {
      const before = (customers[i] ?? []).filter((day) => day <= origin);
      expect(feature(i, 1)).toBeCloseTo(Math.log1p(before.length - 1), 12);
      expect(feature(i, 2)).toBeCloseTo(Math.log1p(origin - (before.at(-1) ?? 0)), 12);
      expect(feature(i, 3)).toBeCloseTo(Math.log1p(origin - (before[0] ?? 0)), 12);
    });
  });

  it('gives the model its own horizon', () => {
    const chance = (j: number): number => fromLogit(look.rows[j]?.features[0] ?? NaN);
    const chances = [0, 1, 2, 3].map(chance);
    expect(chances).toEqual([...chances].sort((a, b) => a - b));
    expect(new Set(chances).size).toBe(4);
  });

  it('places each return at its level of the forecast, sooner ones lower', () => {
    expect(look.returns.map(({ repeats }) => repeats)).toEqual([2, 0, 2]);
    for (const { levels } of look.returns) {
      const [end, middle, start] = levels;
      expect(end).toBeGreaterThan(middle);
      expect(middle).toBeGreaterThan(start);
      expect(end).toBeLessThanOrEqual(1);
    }
    const [soon, , late] = look.returns;
    expect(late?.levels[1]).toBeGreaterThan(soon?.levels[1] ?? 1);
  });

  it('counts what came over the longest horizon', () => {
    expect(look.counts?.horizonDays).toBe(90);
    expect(look.counts?.actual[0]).toBe(1);
  });
});
