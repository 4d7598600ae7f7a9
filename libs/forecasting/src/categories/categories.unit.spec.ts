import { beforeAll, describe, expect, it } from '@jest/globals';
import { CycleForecaster } from '../forecast/cycle-forecaster.js';
import type { CustomerForecast } from '../forecast/customer-forecast.js';
import type { PurchaseCycleModel } from '../forecast/cycle-model.js';
import { fitCycleModel } from '../forecast/fit-cycle-model.js';
import { simulateShop, type SimulatedPurchases } from '../simulation/index.js';
import { KnownHistory } from '../statistics/index.js';
import { reconcile } from './reconcile.js';

const day0 = 18_000;
const asOfDay = day0 + 600;

describe('a category', () => {
  let shop: SimulatedPurchases;
  let company: PurchaseCycleModel;

  beforeAll(() => {
    shop = simulateShop({
      seed: 4,
      customers: 150,
      firstDay: day0,
      lastFirstDay: day0 + 300,
      lastDay: asOfDay,
      unitDays: 7,
      rate: { r: 8, alpha: 8 },
      regularity: [{ k: 4, share: 1 }],
      dropOut: { a: 0.5, b: 8 },
      categories: [
        { name: 'milk', share: 0.9, pace: 1, k: 4 },
        { name: 'filters', share: 0.4, pace: 0.2, k: 4 },
      ],
    });
    company = fitCycleModel(new KnownHistory(shop.histories, asOfDay));
  });

  it('has its own time, with its company for all it does not know', () => {
    const cycle = (name: string): number => {
      const histories = shop.categoryHistories.get(name) ?? shop.histories;
      const known = new KnownHistory(histories, asOfDay);
      const model = fitCycleModel(known, { company });
      expect(model.reminderBasis).toBe('category');
      const statistics = known.statisticsAsOf(asOfDay);
      const forecaster = new CycleForecaster(model, [30]);
      const cycles = Array.from(
        { length: statistics.size },
        (_, i) => forecaster.forecast(statistics, i).cycleDays,
      ).sort((p, q) => p - q);
      return cycles[cycles.length >> 1] ?? 0;
    };
    expect(cycle('filters')).toBeGreaterThan(2.5 * cycle('milk'));
  });

  it('takes the parameters of its company where nothing repeats yet', () => {
    const once = {
      size: 2,
      offsets: Uint32Array.of(0, 1, 2),
      days: Int32Array.of(day0, day0 + 9),
      spend: Float64Array.of(1, 1),
    };
    const model = fitCycleModel(new KnownHistory(once, asOfDay), { company });
    const { parameters } = model;
    expect(parameters.r).toBe(company.parameters.r);
    expect(
      (parameters.alpha * parameters.unitDays) /
        (company.parameters.alpha * company.parameters.unitDays),
    ).toBeCloseTo(1, 9);
  });
});

describe('reconcile', () => {
  const forecast = (probability: number, expectedSpend: number): CustomerForecast =>
    ({
      horizons: [{ horizonDays: 30, probability, expectedCount: 2 * probability, expectedSpend }],
    }) as unknown as CustomerForecast;
  const [whole, likely, rare] = [forecast(0.5, 100), forecast(0.8, 30), forecast(0.1, 20)];

  it('makes no category likelier than the customer, and spends what the customer spends', () => {
    const found = reconcile(whole, [likely, rare]).map(({ horizons }) => horizons[0]);
    expect(found[0]?.probability).toBeCloseTo(0.5, 9);
    // Odds of 1 to 9 fall by the same factor of four as those of the likelier one: 4 to 1, then 1 to 1.
    expect(found[1]?.probability).toBeCloseTo(1 / 37, 9);
    expect(found.map((h) => h?.expectedSpend)).toEqual([60, 40]);
  });

  it('leaves alone what agrees', () => {
    const found = reconcile(whole, [rare])[0]?.horizons[0];
    expect([found?.probability, found?.expectedCount]).toEqual([0.1, 0.2]);
  });
});
