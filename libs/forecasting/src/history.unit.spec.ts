import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  extendHistory,
  foldHistory,
  gapVariationOf,
  growLastDay,
  spendOf,
  startHistory,
  type PurchaseHistory,
} from './history.js';
import { purchaseDaysOf } from './purchase-day.js';

const orders = fc.array(
  fc.record({
    day: fc.integer({ min: 0, max: 4000 }),
    totalMinor: fc.integer({ min: -5_000, max: 5_000_000 }),
  }),
  { minLength: 1, maxLength: 60 },
);

describe('purchase history', () => {
  it('takes all orders of a day as one purchase', () => {
    const days = purchaseDaysOf([
      { day: 40, totalMinor: 300 },
      { day: 10, totalMinor: 1000 },
      { day: 40, totalMinor: 200 },
    ]);

    const history = foldHistory(days);

    expect(days).toEqual([
      { day: 10, spendMinor: 1000 },
      { day: 40, spendMinor: 500 },
    ]);
    expect(history).toMatchObject({ firstDay: 10, lastDay: 40, purchaseCount: 2, lastGap: 30 });
    expect(history && spendOf(history)).toEqual({ sumMinor: 1500, days: 2 });
  });

  it('is nothing without a purchase', () => {
    expect(foldHistory([])).toBeUndefined();
  });

  it('has no gap variation below two gaps, and none at all for clockwork', () => {
    const every = (gap: number, n: number) =>
      foldHistory(Array.from({ length: n }, (_, i) => ({ day: 100 + i * gap, spendMinor: 1 })));

    expect(gapVariationOf(every(7, 2) ?? fail())).toBeUndefined();
    expect(gapVariationOf(every(7, 3) ?? fail())).toBe(0);
    expect(gapVariationOf(every(31, 40) ?? fail())).toBe(0);
  });

  it('measures gap variation with n - 1', () => {
    const history = foldHistory([0, 10, 30, 60].map((day) => ({ day, spendMinor: 1 })));

    // Gaps 10, 20, 30: standard deviation 10, mean 20.
    expect(gapVariationOf(history ?? fail())).toBeCloseTo(0.5, 12);
  });

  it('is bit-equal for every order of arrival', () => {
    fc.assert(
      fc.property(orders, fc.integer(), (list, seed) => {
        const shuffled = [...list].sort((a, b) => hash(a.day + seed) - hash(b.day + seed));

        expect(foldHistory(purchaseDaysOf(shuffled))).toEqual(foldHistory(purchaseDaysOf(list)));
      }),
    );
  });

  it('grows by a day exactly as a rebuild would have it', () => {
    fc.assert(
      fc.property(orders, (list) => {
        const days = purchaseDaysOf(list);
        const [first, ...rest] = days;
        const live = rest.reduce(extendHistory, startHistory(first ?? fail()));

        expect(live).toEqual(foldHistory(days));
      }),
    );
  });

  it('grows order by order exactly as a rebuild would have it, several of a day included', () => {
    fc.assert(
      fc.property(orders, fc.integer({ min: 1, max: 400 }), (list, span) => {
        const squeezed = list.map((order) => ({ ...order, day: order.day % span }));
        const inDayOrder = [...squeezed].sort((a, b) => a.day - b.day);
        const live = inDayOrder.reduce<PurchaseHistory | undefined>(
          (history, { day, totalMinor: spendMinor }) => {
            if (!history) return startHistory({ day, spendMinor });
            if (day === history.lastDay) return growLastDay(history, spendMinor);
            return extendHistory(history, { day, spendMinor });
          },
          undefined,
        );

        expect(live).toEqual(foldHistory(purchaseDaysOf(squeezed)));
      }),
    );
  });

  it('refuses to grow by a day that needs a rebuild', () => {
    const history = startHistory({ day: 5, spendMinor: 1 });

    expect(() => extendHistory(history, { day: 5, spendMinor: 1 })).toThrow(RangeError);
  });
});

function hash(n: number): number {
  return Math.imul(n ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
}

function fail(): never {
  throw new Error('There is a history here.');
}
