import { beforeAll, describe, expect, it } from '@jest/globals';
import { simulateShop } from '../simulation/index.js';
import { KnownHistory, weekdayOf } from '../statistics/index.js';
import { CycleForecaster } from './cycle-forecaster.js';
import type { PurchaseCycleModel } from './cycle-model.js';
import { fitCycleModel } from './fit-cycle-model.js';

const day0 = 18_000;
const asOfDay = day0 + 500;
const known = (weekdayShare: number): KnownHistory =>
  new KnownHistory(
    simulateShop({
      seed: 5,
      customers: 300,
      firstDay: day0,
      lastFirstDay: day0 + 200,
      lastDay: day0 + 900,
      unitDays: 7,
      rate: { r: 6, alpha: 3 },
      regularity: [{ k: 6, share: 1 }],
      dropOut: { a: 1, b: 12 },
      weekdayShare,
    }).histories,
    day0 + 900,
  );

describe('dates of customers who keep to a weekday', () => {
  let all: KnownHistory;
  let model: PurchaseCycleModel;

  beforeAll(() => {
    all = known(1);
    model = fitCycleModel(all.asKnownOn(asOfDay));
  });

  it('move to it, by three days at most, inside the window and after today', () => {
    expect(model.snapsToWeekdays).toBe(true);
    const statistics = all.statisticsAsOf(asOfDay);
    const plain = new CycleForecaster({ ...model, snapsToWeekdays: false }, [30]);
    const snapping = new CycleForecaster(model, [30]);
    let [onDay, clear] = [0, 0];
    for (let i = 0; i < statistics.size; i++) {
      const before = plain.forecast(statistics, i);
      const after = snapping.forecast(statistics, i);
      expect(Math.abs(after.expectedDay - before.expectedDay)).toBeLessThanOrEqual(3);
      expect(after.expectedDay).toBeGreaterThan(asOfDay);
      expect(after.dueDay).toBeGreaterThan(after.lastDay);
      expect(after.expectedDay).toBeGreaterThanOrEqual(after.window.from);
      expect(after.expectedDay).toBeLessThanOrEqual(after.window.to);
      expect([after.window, after.horizons]).toEqual([before.window, before.horizons]);
      if ((statistics.purchaseDays[i] ?? 0) < 8) continue;
      clear += 1;
      if (weekdayOf(after.expectedDay) === weekdayOf(after.lastDay)) onDay += 1;
    }
    expect(clear).toBeGreaterThan(100);
    expect(onDay / clear).toBeGreaterThan(0.9);
  });

  it('hit more often within a week', () => {
    const statistics = all.statisticsAsOf(asOfDay);
    const { daysToNext } = all.outcomes(statistics, 365);
    const hits = (snapsToWeekdays: boolean): number => {
      const forecaster = new CycleForecaster({ ...model, snapsToWeekdays }, []);
      return daysToNext.reduce((sum, next, i) => {
        if (next === 0) return sum;
        const { expectedDay } = forecaster.forecast(statistics, i);
        return Math.abs(expectedDay - asOfDay - next) <= 7 ? sum + 1 : sum;
      }, 0);
    };
    expect(hits(true)).toBeGreaterThan(1.08 * hits(false));
  });

  it('stay where they are in a shop whose customers come on any day', () => {
    expect(fitCycleModel(known(0).asKnownOn(asOfDay)).snapsToWeekdays).toBe(false);
  });
});
