import { describe, expect, it } from '@jest/globals';
import type { Histories } from '../histories/histories.js';
import { weekdayOf } from '../statistics/index.js';
import { Samplers } from './samplers.js';
import { simulateShop, type ShopPlan } from './simulate-shop.js';

const aShop = (over: Partial<ShopPlan> = {}): ShopPlan => ({
  seed: 7,
  customers: 400,
  firstDay: 18_000,
  lastFirstDay: 18_200,
  lastDay: 18_700,
  unitDays: 7,
  rate: { r: 3, alpha: 6 },
  regularity: [{ k: 2, share: 1 }],
  dropOut: { a: 1, b: 9 },
  ...over,
});

const N = 40_000;

function moments(draw: () => number): { mean: number; variance: number } {
  const values = Float64Array.from({ length: N }, draw);
  const mean = values.reduce((sum, v) => sum + v / N, 0);
  return { mean, variance: values.reduce((sum, v) => sum + (v - mean) ** 2 / N, 0) };
}

/** Gaps of all customers, or of one. */
function gapsOf({ size, offsets, days }: Histories): number[][] {
  return Array.from({ length: size }, (_, i) => {
    const own = [...days.slice(offsets[i], offsets[i + 1])];
    return own.slice(1).map((day, at) => day - (own[at] ?? 0));
  });
}

describe('Samplers', () => {
  it.each([0.3, 1, 2.5, 40])('draw gamma of shape %d with its mean and variance', (shape) => {
    const draw = new Samplers(3);

    const { mean, variance } = moments(() => draw.gamma(shape, 2));

    // Six standard errors; the variance's own depends on the fourth moment.
    expect(Math.abs(mean - shape / 2)).toBeLessThan(6 * Math.sqrt(shape / 4 / N));
    expect(Math.abs(variance / (shape / 4) - 1)).toBeLessThan(6 * Math.sqrt((2 + 6 / shape) / N));
  });

  it('draw beta with its mean and variance', () => {
    const draw = new Samplers(3);

    const { mean, variance } = moments(() => draw.beta(0.8, 2));

    const p = 0.8 / 2.8;
    expect(mean).toBeCloseTo(p, 2);
    expect(variance).toBeCloseTo((p * (1 - p)) / 3.8, 2);
  });

  it('keep streams apart and repeat themselves', () => {
    const draws = (seed: number, stream: number): number[] => {
      const samplers = new Samplers(seed, stream);
      return [samplers.uniform(), samplers.normal(), samplers.gamma(2, 1)];
    };

    expect(draws(1, 5)).toEqual(draws(1, 5));
    const all = [draws(1, 5), draws(1, 6), draws(2, 5), draws(5, 1)].map(([first]) => first);
    expect(new Set(all).size).toBe(4);
  });
});

describe('simulateShop', () => {
  it('is the same for the same plan, and a smaller shop is part of a larger one', () => {
    const small = simulateShop(aShop({ customers: 50 })).histories;
    const large = simulateShop(aShop()).histories;

    expect(simulateShop(aShop()).histories).toEqual(large);
    expect([...large.days.slice(0, small.days.length)]).toEqual([...small.days]);
    expect(large.size).toBe(400);
  });

  it('spreads gaps as regularly as k says', () => {
    // One pace for all and nobody drops out: the coefficient of variation of a gap is 1/sqrt(k).
    const plan = aShop({ rate: { r: 1e6, alpha: 1e6 }, dropOut: { a: 1e-6, b: 1 }, unitDays: 100 });
    for (const k of [1, 4]) {
      const lastDay = 18_000 + 100_000;
      const { histories } = simulateShop({
        ...plan,
        customers: 40,
        lastDay,
        regularity: [{ k, share: 1 }],
      });
      const gaps = gapsOf(histories).flat();
      const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
      const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;

      expect(mean / (100 * k)).toBeCloseTo(1, 1);
      expect(Math.sqrt(variance) / mean).toBeCloseTo(1 / Math.sqrt(k), 1);
    }
  });

  it('lets as many customers stop after the first purchase as drop out', () => {
    const { histories, truth } = simulateShop(
      aShop({ customers: 4000, lastDay: 30_000, dropOut: { a: 2, b: 2 } }),
    );

    const once = gapsOf(histories).filter((gaps) => gaps.length === 0).length;

    // Half drop out; some with another purchase on the same day merge into one.
    expect(once / 4000).toBeCloseTo(0.5, 1);
    const gone = truth.filter(({ lastPurchaseEver }) => lastPurchaseEver !== undefined).length;
    expect(gone).toBeGreaterThan(0.97 * 4000);
  });

  it('moves the purchases of who has a weekday to it, and never out of the observed days', () => {
    const { histories } = simulateShop(aShop({ weekdayShare: 1 }));

    const { offsets, days, size } = histories;
    let steady = 0;
    for (let i = 0; i < size; i++) {
      const own = new Set([...days.slice(offsets[i], offsets[i + 1])].map(weekdayOf));
      if (own.size === 1) steady += 1;
    }
    // Who started in the first days may have been moved back to the first one.
    expect(steady).toBeGreaterThan(0.97 * size);
    expect(days.every((day) => day >= 18_000 && day <= 18_700)).toBe(true);
  });

  it('gives every category its own cycle', () => {
    const { categoryHistories, histories } = simulateShop(
      aShop({
        rate: { r: 1e4, alpha: 1e4 },
        dropOut: { a: 1e-6, b: 1 },
        categories: [
          { name: 'coffee', share: 1, pace: 1, k: 5 },
          { name: 'filters', share: 0.5, pace: 0.25, k: 5 },
        ],
      }),
    );

    const meanGap = (name: string): number => {
      const gaps = gapsOf(categoryHistories.get(name) ?? histories).flat();
      return gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    };
    expect(meanGap('coffee') / 35).toBeCloseTo(1, 1);
    // Long gaps are cut off by the end of the observation more often than short ones.
    expect(meanGap('filters') / meanGap('coffee')).toBeGreaterThan(3.4);
    expect(categoryHistories.get('coffee')?.size).toBe(400);
    expect((categoryHistories.get('filters')?.size ?? 0) / 400).toBeCloseTo(0.5, 1);
  });

  it('spends around the mean', () => {
    const { histories } = simulateShop(aShop({ spend: { mean: 3000, shape: 4, spread: 5 } }));

    const mean = histories.spend.reduce((sum, spend) => sum + spend, 0) / histories.spend.length;

    expect(mean / 3000).toBeCloseTo(1, 0);
    expect(histories.spend.every((spend) => Number.isInteger(spend) && spend >= 0)).toBe(true);
  });
});
