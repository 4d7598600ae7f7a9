import { describe, expect, it } from '@jest/globals';
import { meanSeason, seasonOf } from './season.js';

const newYear = Date.UTC(2015, 0, 1) / 86_400_000;
const years = (n: number, purchases: (day: number) => number): Uint32Array =>
  Uint32Array.from({ length: Math.ceil(365.25 * n) }, (_, i) => purchases(newYear + i));
const monthOf = (day: number): number => new Date(day * 86_400_000).getUTCMonth();

describe('seasonOf', () => {
  it('says nothing of less than two full years', () => {
    expect(seasonOf({ firstDay: newYear, counts: years(1.9, () => 20) })).toEqual([]);
  });

  it('finds the weeks before the new year, shrunk towards an even year', () => {
    const counts = years(4, (day) => (monthOf(day) >= 10 ? 40 : 20));
    const season = seasonOf({ firstDay: newYear, counts });
    // An even day of the year has 23.3; 208 weeks of history weigh 2/3.
    expect(season[47]).toBeCloseTo(1 + (2 / 3) * (40 / 23.3 - 1), 1);
    expect(season[26]).toBeCloseTo(1 + (2 / 3) * (20 / 23.3 - 1), 1);
    expect(season.reduce((sum, factor) => sum + factor, 0) / 52).toBeCloseTo(1, 12);
  });

  it('takes growth for no season', () => {
    const counts = years(4, (day) => Math.round(20 * Math.exp((day - newYear) / 1000)));
    const season = seasonOf({ firstDay: newYear, counts });
    for (const factor of season) expect(Math.abs(factor - 1)).toBeLessThan(0.03);
  });

  it('believes little of a few purchases', () => {
    const counts = years(2, (day) => (day % 25 === 0 ? 1 : 0));
    for (const factor of seasonOf({ firstDay: newYear, counts }))
      expect(Math.abs(factor - 1)).toBeLessThan(0.05);
  });
});

describe('meanSeason', () => {
  const season = Array.from({ length: 52 }, (_, week) => (week === 0 ? 3 : 1));

  it('is the mean over the days after the as-of day, across the new year', () => {
    expect(meanSeason(season, newYear - 8, 14)).toBeCloseTo((7 * 1 + 7 * 3) / 14, 12);
    expect(meanSeason(season, newYear - 1, 7)).toBe(3);
    expect(meanSeason(season, newYear + 6, 7)).toBe(1);
  });

  it('is 1 without a season', () => {
    expect(meanSeason([], newYear, 30)).toBe(1);
  });
});
