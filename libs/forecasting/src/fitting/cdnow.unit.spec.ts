import { beforeAll, describe, expect, it } from '@jest/globals';
import { calibrationEnd, cdnow, cdnowFound } from '../cdnow.kit.spec.js';
import { statisticsAsOf } from '../statistics/fold-statistics.js';
import type { CustomerStatistics } from '../statistics/customer-statistics.js';
import { compress, type FitRows } from './fit-rows.js';
import {
  fitBgNbd,
  fitGammaGamma,
  fitMbgK,
  fitMbgNbd,
  fitNbd,
  fitParetoNbd,
  type ClassicFit,
} from './fit-classic.js';

/** The published fits, by pure maximum likelihood in weeks. */
(cdnowFound ? describe : describe.skip)('fits of the CDNOW sample', () => {
  let statistics: CustomerStatistics;
  let rows: FitRows;

  beforeAll(async () => {
    statistics = statisticsAsOf(await cdnow('sample'), calibrationEnd);
    rows = compress(statistics, { unitDays: 7, gaps: true });
  });

  it('reads the published numbers of customers and repeats', () => {
    let repeats = 0;
    for (const n of statistics.purchaseDays) repeats += n - 1;
    expect([rows.customers, repeats]).toEqual([2357, 2457]);
  });

  it('finds BG/NBD', () => {
    const fit = fitBgNbd(rows);
    near(fit, { r: 0.2425945, alpha: 4.4136019, a: 0.7929199, b: 2.4258881 }, -9582.429);
  });

  it('finds MBG/NBD', () => {
    const fit = fitMbgNbd(rows);
    near(fit, { r: 0.5248, alpha: 6.1831, a: 0.8914, b: 1.614 }, -9582.14);
  });

  it('finds Pareto/NBD', () => {
    near(fitParetoNbd(rows), { r: 0.5533, alpha: 10.5777, s: 0.6062, beta: 11.6687 }, -9594.98);
  });

  it('finds NBD', () => {
    near(fitNbd(rows), { r: 0.3848, alpha: 12.072 }, -9763.66);
  });

  it('finds MBG-k', () => {
    near(fitMbgK(rows), { k: 1.0446, r: 0.5367, alpha: 5.8166, a: 0.9077, b: 1.5796 }, -9581.1);
  });

  it('finds Gamma-Gamma of the repeat buyers', () => {
    const days: number[] = [];
    const mean: number[] = [];
    statistics.spendDays.forEach((n, i) => {
      if (n === 0) return;
      days.push(n);
      mean.push((statistics.sumSpend[i] ?? 0) / n / 100);
    });
    const fit = fitGammaGamma({ days, mean });
    near(fit, { p: 6.2488, q: 3.7446, v: 15.4477 }, -4055.92);
    const { p, q, v } = fit.parameters;
    expect((v * p) / (q - 1)).toBeCloseTo(35.17, 1);
  });
});

(cdnowFound ? describe : describe.skip)('fits of the CDNOW master file', () => {
  let statistics: CustomerStatistics;

  beforeAll(async () => {
    statistics = statisticsAsOf(await cdnow('master'), calibrationEnd);
  });

  it('finds BG/NBD and MBG/NBD, equal customers as one row', () => {
    const rows = compress(statistics, { unitDays: 7, gaps: false });
    expect([rows.customers, rows.size]).toEqual([23570, 8685]);
    const bg = { r: 0.2516, alpha: 4.7889, a: 0.7234, b: 2.1611 };
    near(fitBgNbd(rows), bg, -95368.44, 0.1);
    const mbg = { r: 0.6371, alpha: 7.3103, a: 0.8075, b: 1.2284 };
    near(fitMbgNbd(rows), mbg, -95336.96, 0.1);
  });

  it('finds MBG-k', () => {
    const rows = compress(statistics, { unitDays: 7, gaps: true });
    expect(rows.size).toBe(8874);
    const expected = { k: 1.0792, r: 0.6627, alpha: 6.5846, a: 0.8428, b: 1.2083 };
    near(fitMbgK(rows), expected, -95306.51, 0.1);
  });

  it('finds Pareto/NBD', () => {
    const rows = compress(statistics, { unitDays: 7, gaps: false });
    const expected = { r: 0.5974, alpha: 11.5857, s: 0.5222, beta: 8.8278 };
    near(fitParetoNbd(rows), expected, -95415.12, 0.1);
  });
});

function near<P extends object>(
  fit: ClassicFit<P>,
  parameters: P,
  logLikelihood: number,
  tolerance = 0.01,
): void {
  expect(fit.agreed).toBe(true);
  expect(Math.abs(fit.logLikelihood - logLikelihood)).toBeLessThan(tolerance);
  const found = Object.entries(fit.parameters).map(([name, value]) => [
    name,
    Number(value).toPrecision(3),
  ]);
  const wanted = Object.entries(parameters).map(([name, value]) => [
    name,
    Number(value).toPrecision(3),
  ]);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted));
}
