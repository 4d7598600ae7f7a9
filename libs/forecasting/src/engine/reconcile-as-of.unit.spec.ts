import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AsOfForecast, ByHorizon } from '../forecast.js';
import { reconcileAsOf } from './reconcile-as-of.js';

const horizons = ['d14', 'd30', 'd90', 'd365'] as const;
const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });
const byHorizon: fc.Arbitrary<ByHorizon> = fc.record({
  d14: share,
  d30: share,
  d90: share,
  d365: share,
});
const forecast: fc.Arbitrary<AsOfForecast> = fc
  .record({
    probabilityAlive: share,
    purchaseProbability: byHorizon,
    expectedPurchases: byHorizon,
  })
  .map((figures) => ({
    asOf: '2026-01-01',
    daysSinceLastPurchase: 10,
    calibrated: true,
    predictability: { state: 'ok' },
    explanation: {},
    ...figures,
  }));
const categories = fc.array(forecast, { minLength: 1, maxLength: 4 });

describe('reconcileAsOf', () => {
  it('leaves no category likelier than the customer, and their order as it was', () => {
    fc.assert(
      fc.property(forecast, categories, (customer, own) => {
        const inLine = reconcileAsOf(customer, own);
        for (const h of horizons) {
          const limit = customer.purchaseProbability[h];
          own.forEach((before, i) => {
            const after = inLine[i]?.purchaseProbability[h] ?? Number.NaN;
            expect(after).toBeLessThanOrEqual(limit);
            own.forEach((other, j) => {
              if (before.purchaseProbability[h] >= other.purchaseProbability[h]) {
                expect(after).toBeGreaterThanOrEqual(inLine[j]?.purchaseProbability[h] ?? 2);
              }
            });
          });
        }
      }),
    );
  });

  it('changes nothing where all are below the customer', () => {
    const one = (p: number): AsOfForecast => ({
      asOf: '2026-01-01',
      daysSinceLastPurchase: 10,
      calibrated: true,
      predictability: { state: 'ok' },
      explanation: {},
      probabilityAlive: p,
      purchaseProbability: { d14: p, d30: p, d90: p, d365: p },
      expectedPurchases: { d14: p, d30: p, d90: p, d365: p },
    });

    expect(reconcileAsOf(one(0.5), [one(0.4), one(0.2)])).toEqual([one(0.4), one(0.2)]);
    const [first, second] = reconcileAsOf(one(0.5), [one(0.8), one(0.5)]);
    expect(first?.purchaseProbability.d30).toBe(0.5);
    // Odds of 1 through those of 0.8, which are 4.
    expect(second?.purchaseProbability.d30).toBe(0.2);
  });
});
