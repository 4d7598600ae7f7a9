import { describe, expect, it } from '@jest/globals';
import { calibrationEnd, cdnow, cdnowFound } from '../cdnow.kit.spec.js';
import type { ForecasterReport, OriginReport } from './report.js';
import { runBacktest } from './run-backtest.js';

async function originOf(file: 'master' | 'sample'): Promise<OriginReport> {
  const report = runBacktest(await cdnow(file), [], {
    originDays: [calibrationEnd],
    horizonsDays: [28, 91, 273],
  });
  return report.origins[0] ?? fail('There is one origin.');
}

const named = (origin: OriginReport, name: string): ForecasterReport =>
  origin.forecasters.find((forecaster) => forecaster.name === name) ?? fail(`There is no ${name}.`);

function fail(message: string): never {
  throw new Error(message);
}

/** The figures of the reference (docs: accuracy on CDNOW), which were computed elsewhere. */
(cdnowFound ? describe : describe.skip)('baselines on CDNOW, 39 weeks after 39 weeks', () => {
  it('count and rank the sample as published', async () => {
    const origin = await originOf('sample');

    expect(origin).toMatchObject({ customers: 2357, followUpDays: 273 });
    const rate = named(origin, 'rate x/T').horizons.at(-1);
    expect(rate?.buyers).toBe(684);
    expect(rate?.count).toMatchObject({
      actual: 1882,
      predicted: expect.closeTo(2930.1, 1),
      mae: expect.closeTo(1.0237, 4),
      rmse: expect.closeTo(2.2119, 4),
      msle: expect.closeTo(0.401, 4),
      correlation: expect.closeTo(0.5839, 4),
    });
    const recency = named(origin, 'recency alone');
    [0.797, 0.784, 0.771].forEach((area, i) =>
      expect(recency.horizons[i]?.auc).toBeCloseTo(area, 3),
    );
    expect(recency.concordance).toBeCloseTo(0.74, 3);
    expect(origin.weeks.reduce((sum, { actual }) => sum + actual, 0)).toBe(1882);
  });

  it('date the master file as published, as of the day and right after each order', async () => {
    const origin = await originOf('master');

    expect(origin.customers).toBe(23_570);
    expect(origin.afterOrder).toMatchObject({ orderDays: 91, followUpDays: 182 });
    // Mean error, median error, share within 14 days; of repeaters who bought, as of the day.
    const asOf: [string, number, number, number][] = [
      ['population median gap', 143.1, 129, 0.09],
      ['last + mean gap', 122.7, 94.5, 0.12],
      ['last + median gap', 125.2, 98.5, 0.1],
      ['max(last + mean gap, now)', 76.2, 54, 0.18],
      ['max(last + median gap, now)', 76.9, 55, 0.17],
    ];
    for (const [name, mae, median, within] of asOf) {
      const dates = named(origin, name).dates?.repeaters;
      expect(dates?.customers).toBe(4993);
      // The published dates were not rounded to whole days.
      expect(Math.abs((dates?.mae ?? 0) - mae)).toBeLessThan(0.2);
      expect(Math.abs((dates?.medianError ?? 0) - median)).toBeLessThanOrEqual(0.5);
      expect(Math.abs((dates?.within14 ?? 0) - within)).toBeLessThanOrEqual(0.011);
    }
    const afterOrders: [string, number, number][] = [
      ['population median gap', 35.5, 22],
      ['last + mean gap', 52.2, 31.8],
      ['last + median gap', 51.3, 27.5],
      ['last + last gap', 61.2, 34],
    ];
    for (const [name, mae, median] of afterOrders) {
      const dates = named(origin, name).datesAfterOrder;
      expect(dates?.customers).toBe(5494);
      expect(Math.abs((dates?.mae ?? 0) - mae)).toBeLessThan(0.2);
      expect(Math.abs((dates?.medianError ?? 0) - median)).toBeLessThanOrEqual(0.5);
    }
  });
});
