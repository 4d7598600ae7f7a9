import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { simulateShop, type ShopPlan } from '../simulation/index.js';
import {
  emptyStatistics,
  KnownHistory,
  statisticsAsOf,
  type CustomerStatistics,
  type PurchaseHistories,
} from '../statistics/index.js';
import type { CustomerForecast } from './customer-forecast.js';
import { CycleForecaster } from './cycle-forecaster.js';
import type { PurchaseCycleModel } from './cycle-model.js';
import { fitCycleModel } from './fit-cycle-model.js';
import { purchaseCycle } from './purchase-cycle.js';
import { meanSeason } from './season.js';
import { defaultRules } from './settings.js';

const day0 = 18_000;
const shop = (over: Partial<ShopPlan> = {}): PurchaseHistories =>
  simulateShop({
    seed: 11,
    customers: 240,
    firstDay: day0,
    lastFirstDay: day0 + 600,
    lastDay: day0 + 1_100,
    unitDays: 7,
    rate: { r: 3, alpha: 6 },
    regularity: [
      { k: 1, share: 0.4 },
      { k: 7, share: 0.6 },
    ],
    dropOut: { a: 0.8, b: 6 },
    spend: { mean: 3000, shape: 4, spread: 3 },
    ...over,
  }).histories;
const horizons = [14, 30, 90, 365];

function forecastAll(histories: PurchaseHistories, model: PurchaseCycleModel): CustomerForecast[] {
  const statistics = statisticsAsOf(histories, model.asOfDay);
  const forecaster = new CycleForecaster(model, horizons);
  return Array.from({ length: statistics.size }, (_, i) => forecaster.forecast(statistics, i));
}

/** Of those who came back within a year: how many, and how many of them within their window. */
function held(
  histories: PurchaseHistories,
  forecasts: readonly CustomerForecast[],
): { returned: number; inside: number } {
  const asOfDay = forecasts[0]?.asOfDay ?? 0;
  const all = new KnownHistory(histories, day0 + 1_100);
  const { daysToNext } = all.outcomes(all.statisticsAsOf(asOfDay), 365);
  const returned = forecasts.flatMap(({ window }, i) => {
    const next = daysToNext[i] ?? 0;
    return next === 0 ? [] : [{ window, day: asOfDay + next }];
  });
  const inside = returned.filter(({ window, day }) => day >= window.from && day <= window.to);
  return { returned: returned.length, inside: inside.length };
}

describe('forecasts of a shop', () => {
  const asOfDay = day0 + 735;
  let histories: PurchaseHistories;
  let model: PurchaseCycleModel;
  let forecasts: CustomerForecast[];

  beforeAll(() => {
    histories = shop();
    model = fitCycleModel(new KnownHistory(histories, asOfDay));
    forecasts = forecastAll(histories, model);
  });

  it('do not change with what comes after the as-of day', () => {
    const day = day0 + 400;
    const few = shop({ customers: 40 });
    const later = { ...few, days: few.days.map((d) => (d > day ? d + 3 : d)) };
    const [one, other] = [few, later].map((h) => fitCycleModel(new KnownHistory(h, day)));
    if (!one || !other) throw new Error('There are two.');
    expect(other).toEqual(one);
    expect(forecastAll(later, other)).toEqual(forecastAll(few, one));
  });

  it('come from a model that survives JSON without loss', () => {
    const back = JSON.parse(JSON.stringify(model)) as PurchaseCycleModel;
    expect(back).toEqual(model);
    expect(forecastAll(histories, back)).toEqual(forecasts);
  });

  it('hold the next purchase of those who return in 75-87 % of windows', () => {
    const { returned, inside } = held(histories, forecasts);
    expect(returned).toBeGreaterThan(60);
    expect(inside / returned).toBeGreaterThan(0.75);
    expect(inside / returned).toBeLessThan(0.87);
  });

  it('give probabilities that add up to the buyers, and counts to the purchases', () => {
    const all = new KnownHistory(histories, day0 + 1_100);
    const statistics = all.statisticsAsOf(asOfDay);
    horizons.forEach((h, j) => {
      const { count } = all.outcomes(statistics, h);
      const buyers = count.reduce((sum, n) => sum + (n > 0 ? 1 : 0), 0);
      const expected = forecasts.reduce((sum, f) => sum + (f.horizons[j]?.probability ?? 0), 0);
      const purchases = count.reduce((sum, n) => sum + n, 0);
      const counted = forecasts.reduce((sum, f) => sum + (f.horizons[j]?.expectedCount ?? 0), 0);
      expect(expected / buyers).toBeGreaterThan(0.8);
      expect(expected / buyers).toBeLessThan(1.25);
      expect(counted / purchases).toBeGreaterThan(0.8);
      expect(counted / purchases).toBeLessThan(1.25);
    });
  });

  it('agree with each other, whoever the customer', () => {
    for (const forecast of forecasts) checkForecast(forecast);
  });

  it('are calibrated at every horizon that the history holds', () => {
    expect(model.calibrations.map(({ horizonDays }) => horizonDays)).toEqual([
      14, 30, 90, 180, 365,
    ]);
    expect(forecasts.every((f) => f.horizons.every(({ calibrated }) => calibrated))).toBe(true);
    const raw = forecastAll(histories, { ...model, calibrations: [] });
    horizons.forEach((_, j) => {
      const moved = forecasts.map(
        (f, i) => (f.horizons[j]?.probability ?? 0) - (raw[i]?.horizons[j]?.probability ?? 0),
      );
      expect(moved.filter((by) => Math.abs(by) > 1e-4).length).toBeGreaterThan(moved.length / 2);
    });
  });

  it('follow the season in counts and spend, and in nothing else', () => {
    const later = fitCycleModel(new KnownHistory(shop({ customers: 20 }), day0 + 900));
    expect(later.season).toHaveLength(52);
    const season = Array.from(
      { length: 52 },
      (_, week) => 1 + 0.3 * Math.sin((2 * Math.PI * week) / 52),
    );
    const plain = forecastAll(histories, { ...model, season: [] });
    const seasonal = forecastAll(histories, { ...model, season });
    let moved = 0;
    seasonal.forEach((forecast, i) => {
      const { horizons: even, ...rest } = plain[i] ?? forecast;
      expect(forecast).toEqual({ ...rest, horizons: forecast.horizons });
      forecast.horizons.forEach((h, j) => {
        const before = even[j] ?? h;
        expect(h.probability).toBe(before.probability);
        // A day has one purchase at most, and whoever buys does so at least once: there the season changes nothing.
        const floor = (count: number): boolean => count <= h.probability || count >= h.horizonDays;
        if (floor(before.expectedCount) || floor(h.expectedCount)) return;
        const factor = meanSeason(season, asOfDay, h.horizonDays);
        expect(h.expectedCount / before.expectedCount).toBeCloseTo(factor, 9);
        if (before.expectedSpend > 0)
          expect(h.expectedSpend / before.expectedSpend).toBeCloseTo(factor, 9);
        moved += 1;
      });
    });
    expect(moved).toBeGreaterThan(100);
  });

  it('are the same in columns, as a backtest asks them', () => {
    const few = shop({ customers: 40 });
    const known = new KnownHistory(few, asOfDay);
    const statistics = known.statisticsAsOf(asOfDay);
    const fitted = purchaseCycle().fit(known, horizons);
    const scores = fitted.score(statistics);
    const single = forecastAll(few, fitCycleModel(known));
    expect([...(scores.dates?.expectedDay ?? [])]).toEqual(single.map((f) => f.expectedDay));
    expect(fitted.dates?.(statistics)).toEqual(scores.dates);
    expect([...(scores.horizons?.[1]?.probability ?? [])]).toEqual(
      single.map((f) => f.horizons[1]?.probability),
    );
  });

  it('move to a stated cycle where there is little else, and less where there is much', () => {
    const statistics = statisticsAsOf(histories, asOfDay);
    const plain = new CycleForecaster(model, horizons);
    const told = new CycleForecaster(model, horizons, defaultRules, 100);
    const cycle = (forecaster: CycleForecaster, repeats: (x: number) => boolean): number => {
      const found = forecasts.findIndex((f) => repeats(f.repeats));
      return forecaster.forecast(statistics, found).cycleDays;
    };
    expect(Math.abs(cycle(told, (x) => x === 0) / 100 - 1)).toBeLessThan(1e-6);
    const before = cycle(plain, (x) => x >= 15);
    const after = cycle(told, (x) => x >= 15);
    expect(after).toBeGreaterThan(before);
    expect(after - before).toBeLessThan(100 - after);
  });
});

describe('forecasts of a shop of 40 customers', () => {
  /** Gaps of four to twelve months. */
  const slow: Partial<ShopPlan> = {
    unitDays: 75,
    rate: { r: 6, alpha: 5 },
    regularity: [
      { k: 1.5, share: 0.5 },
      { k: 5, share: 0.5 },
    ],
    dropOut: { a: 0.6, b: 4 },
  };

  /** Everybody is followed for the year that the dates are given for: in less time only the early ones would be seen. */
  it.each([
    ['of weeks to months', {}, 6],
    ['of four to twelve months', slow, 20],
  ])(
    'have windows that hold 75-90 % of next purchases, over many shops with gaps %s',
    (_, plan, shops) => {
      let [returned, inside] = [0, 0];
      for (let seed = 1; seed <= shops; seed++) {
        const histories = shop({ ...plan, seed, customers: 40 });
        const asOfDay = day0 + 700;
        const model = fitCycleModel(new KnownHistory(histories, asOfDay));
        expect(model.basis).toBe('blend');
        const found = held(histories, forecastAll(histories, model));
        returned += found.returned;
        inside += found.inside;
      }
      expect(returned).toBeGreaterThan(60);
      expect(inside / returned).toBeGreaterThan(0.75);
      expect(inside / returned).toBeLessThan(0.9);
    },
  );
});

describe('odd shops', () => {
  const of = (...customers: number[][]): PurchaseHistories => {
    const offsets = [0];
    for (const days of customers) offsets.push((offsets.at(-1) ?? 0) + days.length);
    const days = Int32Array.from(customers.flat());
    return {
      size: customers.length,
      offsets: Uint32Array.from(offsets),
      days,
      spend: new Float64Array(days.length),
    };
  };
  const daily = Array.from({ length: 10_000 }, (_, i) => day0 + i);

  it.each([
    ['nobody', of(), day0],
    ['one customer who bought once', of([day0]), day0],
    ['everybody once, on one day', of([day0], [day0], [day0]), day0 + 400],
    ['one customer on 10,000 days', of(daily), day0 + 10_200],
    ['days from 1970 to 2070', of([0, 18_000, 36_500], [5, 9]), 36_500],
    [
      'clockwork without any variation',
      of(
        ...Array.from({ length: 30 }, (_, c) =>
          Array.from({ length: 20 }, (_, i) => day0 + c + 28 * i),
        ),
      ),
      day0 + 570,
    ],
  ])('get an answer: %s', (_, histories, asOfDay) => {
    const model = fitCycleModel(new KnownHistory(histories, asOfDay));
    for (const forecast of forecastAll(histories, model)) checkForecast(forecast);
  });
});

describe('a tail so heavy that no calendar holds its median', () => {
  it('has a cycle of a century, and every number of the forecast is one', () => {
    const base = fitCycleModel(new KnownHistory(shop({ customers: 20 }), day0 + 700));
    const parameters = { unitDays: 7, r: 0.01, alpha: 500, a: 1, b: 1, tk: 1, gk: 1 };
    const once = stateOf({ repeats: 0, meanGap: 1, unevenness: 0, elapsed: 40 });
    const forecast = new CycleForecaster({ ...base, parameters }, horizons).forecast(once, 0);
    expect(forecast.cycleDays).toBe(36_525);
    expect(JSON.parse(JSON.stringify(forecast))).toEqual(forecast);
    checkForecast(forecast);
  });
});

describe('any state under any parameters', () => {
  it('gives finite numbers in order', () => {
    const base = fitCycleModel(new KnownHistory(shop({ customers: 60 }), day0 + 700));
    const ln = (low: number, high: number): fc.Arbitrary<number> =>
      fc.double({ min: Math.log(low), max: Math.log(high), noNaN: true }).map(Math.exp);
    fc.assert(
      fc.property(
        fc.record({
          r: ln(0.01, 500),
          alpha: ln(0.01, 1000),
          a: ln(0.001, 50),
          b: ln(0.001, 500),
          tk: ln(0.3, 50),
          gk: ln(0.05, 50),
        }),
        fc.record({
          repeats: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 5000 })),
          meanGap: ln(1, 2000),
          unevenness: fc.double({ min: 0, max: 2, noNaN: true }),
          elapsed: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 7000 })),
        }),
        (parameters, state) => {
          const model = { ...base, parameters: { ...parameters, unitDays: 7 } };
          const forecast = new CycleForecaster(model, horizons).forecast(stateOf(state), 0);
          checkForecast(forecast);
        },
      ),
      { numRuns: 200 },
    );
  });
});

function stateOf({
  repeats,
  meanGap,
  unevenness,
  elapsed,
}: {
  repeats: number;
  meanGap: number;
  unevenness: number;
  elapsed: number;
}): CustomerStatistics {
  const statistics = emptyStatistics(1);
  const span = Math.max(repeats, Math.round(repeats * meanGap));
  statistics.purchaseDays[0] = repeats + 1;
  statistics.firstDay[0] = day0;
  statistics.lastDay[0] = day0 + span;
  statistics.asOfDay[0] = day0 + span + elapsed;
  // By Jensen the mean of ln(gap) is at most ln of the mean, and never below ln 1.
  const meanLn = repeats === 0 ? 0 : Math.max(0, Math.log(span / repeats) - unevenness);
  statistics.sumLnGap[0] = repeats * meanLn;
  statistics.sumLnGapSq[0] = repeats * meanLn * meanLn;
  return statistics;
}

/** What holds of every forecast. */
function checkForecast(forecast: CustomerForecast): void {
  const { asOfDay, lastDay, window, dueWindow } = forecast;
  expect(window.from).toBeGreaterThan(asOfDay);
  expect(window.from).toBeLessThanOrEqual(forecast.expectedDay);
  expect(forecast.expectedDay).toBeLessThanOrEqual(window.to);
  expect(dueWindow.from).toBeGreaterThan(lastDay);
  expect(dueWindow.from).toBeLessThanOrEqual(forecast.dueDay);
  expect(forecast.dueDay).toBeLessThanOrEqual(dueWindow.to);
  expect(window.to).toBeLessThanOrEqual(asOfDay + 366);
  expect(forecast.lostDay).toBeGreaterThan(forecast.dueDay);
  expect(forecast.cycleDays).toBeGreaterThan(0);
  expect(forecast.cycleDays).toBeLessThan(Infinity);
  expect(forecast.regularity).toBeGreaterThan(0);
  let before = 0;
  for (const horizon of forecast.horizons) {
    expect(horizon.probability).toBeGreaterThanOrEqual(before);
    expect(horizon.probability).toBeLessThanOrEqual(1);
    expect(horizon.expectedCount).toBeGreaterThanOrEqual(horizon.probability);
    expect(horizon.expectedCount).toBeLessThanOrEqual(horizon.horizonDays);
    expect(horizon.expectedSpend).toBeGreaterThanOrEqual(0);
    before = horizon.probability;
  }
  expect(forecast.probabilityAlive).toBeGreaterThanOrEqual(0);
  expect(forecast.probabilityAlive).toBeLessThanOrEqual(1);
  if (forecast.remindDay !== undefined) expect(forecast.remindDay).toBeGreaterThan(lastDay);
}
