import { describe, expect, it } from '@jest/globals';
import { fromEpochDay } from '@regulars/kernel';
import type { Forecaster } from '../forecaster.js';
import { PurchaseTable } from '../histories/purchase-table.js';
import { monotoneCurve } from './monotone-curve.js';
import { planOrigins } from './plan-origins.js';
import { runBacktest } from './run-backtest.js';
import { sampleOf } from './sample-customers.js';

/** So many customers, one every so many days, with different starts. */
function shop(customers: number, days: number) {
  const table = new PurchaseTable();
  for (let i = 0; i < customers; i++) {
    for (let day = i % 30; day < days; day += 10 + (i % 40))
      table.add(`c${String(i)}`, day, 100 + i);
  }
  return table.histories();
}

describe('planOrigins', () => {
  it('spreads origins up to the last one with complete horizons, and leaves enough before the first', () => {
    const plan = planOrigins({ firstDay: 0, lastDay: 1000 }, [14, 365, 90], 4);

    expect(plan).toEqual({ origins: [400, 478, 557, 635], horizonsDays: [14, 90, 365] });
  });

  it('drops horizons that leave too little to learn from, and gives up where none is left', () => {
    expect(planOrigins({ firstDay: 0, lastDay: 40 }, [14, 30], 3)).toEqual({
      origins: [16, 21, 26],
      horizonsDays: [14],
    });
    expect(() => planOrigins({ firstDay: 5, lastDay: 9 }, [14, 90], 4)).toThrow(
      /span 4 days.*25 at least/,
    );
  });
  it('follows dates for months, also where only short horizons are asked for', () => {
    const plan = planOrigins({ firstDay: 0, lastDay: 545 }, [14], 4);

    expect(plan.horizonsDays).toEqual([14]);
    expect(plan.origins.at(-1)).toBe(545 - 180);
  });
});

describe('runBacktest', () => {
  it('shows nobody the days after the origin', () => {
    const learntUpTo: number[] = [];
    const seen: { day: number; last: number; until: number }[] = [];
    const spy: Forecaster = {
      name: 'spy',
      fit: (known) => {
        learntUpTo.push(known.untilDay);
        expect(() => known.statisticsAsOf(known.untilDay + 1)).toThrow(RangeError);
        return {
          score: ({ asOfDay, lastDay }) => {
            lastDay.forEach((last, i) =>
              seen.push({ day: asOfDay[i] ?? 0, last, until: known.untilDay }),
            );
            return {};
          },
        };
      },
    };

    const report = runBacktest(shop(50, 500), [spy], { horizonsDays: [30] });

    expect(learntUpTo.map(fromEpochDay)).toEqual(report.origins.map(({ day }) => day));
    expect(report.origins).toHaveLength(4);
    expect(seen.every(({ day, last }) => last <= day)).toBe(true);
    // As of the origin, and right after orders of later days.
    expect(seen.some(({ day, until }) => day === until)).toBe(true);
    expect(seen.some(({ day, until }) => day > until)).toBe(true);
  });

  it('gives the same report for the same purchases, as plain JSON', () => {
    const run = () => runBacktest(shop(200, 700), [], { horizonsDays: [14, 90] });

    const report = run();

    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(JSON.stringify(run())).toBe(JSON.stringify(report));
    expect(JSON.stringify(report)).not.toMatch(/null/);
    expect(report.origins[0]?.forecasters.map(({ name }) => name)).toEqual([
      'recency alone',
      'logistic RFM',
      'population median gap',
      'last + mean gap',
      'last + median gap',
      'last + last gap',
      'max(last + mean gap, now)',
      'max(last + median gap, now)',
      'rate x/T',
      'constant mean',
    ]);
  });

  it('judges a sample where there are too many customers, and says so', () => {
    const report = runBacktest(shop(300, 300), [], { mostCustomers: 100 });

    expect(report.data).toMatchObject({ customers: 300, judgedCustomers: 100 });
  });

  it.each([
    ['one customer with 10,000 purchases', () => shopOf([range(0, 10_000)])],
    ['one customer with one purchase a month', () => shopOf([range(0, 20).map((i) => 30 * i)])],
    ['one purchase each', () => shopOf(range(0, 400).map((i) => [i]))],
    ['days from 1970 to 2070', () => shopOf([range(0, 100).map((i) => 365 * i), [0, 36_500]])],
  ])('has an answer for %s', (_, make) => {
    const report = runBacktest(make(), []);

    expect(report.origins.length).toBeGreaterThan(0);
    expect(JSON.stringify(report)).not.toMatch(/null|NaN/);
  });

  it.each([
    ['no purchases', () => shopOf([]), /no purchases/],
    ['all on the same day', () => shopOf(range(0, 50).map(() => [7])), /span 0 days/],
  ])('has a clear error for %s', (_, make, message) => {
    expect(() => runBacktest(make(), [])).toThrow(message);
  });

  it('refuses an origin outside the purchases', () => {
    expect(() => runBacktest(shop(5, 300), [], { originDays: [5000] })).toThrow(
      /An origin must lie within the purchases: from 1970-01-01/,
    );
  });
});

describe('monotoneCurve', () => {
  it('goes through its points and never falls between rising ones', () => {
    const points = [
      { x: 0, y: 0 },
      { x: 14, y: 900 },
      { x: 30, y: 901 },
      { x: 365, y: 5000 },
    ];
    const curve = monotoneCurve(points);

    for (const { x, y } of points) expect(curve(x)).toBeCloseTo(y, 9);
    for (let x = 0; x < 365; x++) expect(curve(x + 1)).toBeGreaterThanOrEqual(curve(x));
  });
});

describe('sampleOf', () => {
  it('takes as many as wanted, in order, and every item about equally often', () => {
    const items = range(0, 40);
    const counts = new Map<number, number>();
    for (let seed = 0; seed < 2000; seed++) {
      const taken = sampleOf(items, 10, seed);
      expect(taken).toHaveLength(10);
      expect([...taken].sort((a, b) => a - b)).toEqual(taken);
      for (const item of taken) counts.set(item, (counts.get(item) ?? 0) + 1);
    }

    // 500 expected; 100 is five standard deviations.
    for (const item of items) expect(Math.abs((counts.get(item) ?? 0) - 500)).toBeLessThan(100);
  });
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

function shopOf(customers: readonly (readonly number[])[]) {
  const table = new PurchaseTable();
  customers.forEach((days, i) => {
    for (const day of days) table.add(`c${String(i)}`, day, 100);
  });
  return table.histories();
}
