import { describe, expect, it } from '@jest/globals';
import { calibrationEnd, cdnow, cdnowFound } from '../cdnow.kit.spec.js';
import { purchaseCycle } from '../forecast/index.js';
import type { ForecasterReport, OriginReport } from './report.js';
import { runBacktest } from './run-backtest.js';

const HORIZONS = [14, 30, 91, 182, 273];

const named = (origin: OriginReport | undefined, name: string): ForecasterReport => {
  const found = origin?.forecasters.find((forecaster) => forecaster.name === name);
  if (!found) throw new Error(`There is no ${name}.`);
  return found;
};

/** Acceptance figures: what must hold on a shop without any regularity, where recency is hard to beat. */
(cdnowFound ? describe : describe.skip)('the served forecast on the CDNOW sample', () => {
  it('is as good as logistic RFM at every horizon, and dates better than the fair rule of thumb', async () => {
    const report = runBacktest(await cdnow('sample'), [purchaseCycle()], {
      originDays: [calibrationEnd],
      horizonsDays: HORIZONS,
    });
    const origin = report.origins[0];
    const own = named(origin, report.judged[0] ?? '');
    const rfm = named(origin, 'logistic RFM');

    const quarter = own.horizons.find(({ horizonDays }) => horizonDays === 91);
    expect(quarter?.rawAuc).toBeGreaterThanOrEqual(0.78);
    expect(quarter?.probability?.logLoss).toBeLessThanOrEqual(0.385);
    expect(quarter?.probability?.logLoss).toBeLessThan(quarter?.rawProbability?.logLoss ?? 0);
    for (const { horizonDays, probability } of rfm.horizons) {
      const mine = own.horizons.find((horizon) => horizon.horizonDays === horizonDays);
      expect(mine?.probability?.logLoss).toBeLessThanOrEqual(
        (probability?.logLoss ?? Infinity) + 1e-4,
      );
    }
    const year = own.horizons.find(({ horizonDays }) => horizonDays === 273)?.count;
    expect(year?.mae).toBeLessThanOrEqual(0.79);
    expect(year?.correlation).toBeGreaterThanOrEqual(0.625);
    const fair = named(origin, 'max(last + mean gap, now)').dates?.repeaters;
    expect(own.dates?.repeaters?.mae).toBeLessThan(fair?.mae ?? 0);
    expect(own.dates?.repeaters?.mae).toBeLessThanOrEqual(62);
    expect(own.dates?.repeaters?.window?.coverage).toBeGreaterThanOrEqual(0.75);
    expect(own.dates?.repeaters?.window?.coverage).toBeLessThanOrEqual(0.87);
  }, 300_000);
});
