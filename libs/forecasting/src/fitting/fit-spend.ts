import { gammaGamma, type GammaGammaParameters } from '../models/gamma-gamma.js';
import type { CustomerStatistics } from '../statistics/customer-statistics.js';
import { fitGammaGamma } from './fit-classic.js';

/** Expected spend of a purchase day. Frequent buyers may spend otherwise, so there may be bands of frequency. */
export interface SpendModel {
  /** Of frequency and mean spend, both as logarithms. */
  readonly correlation: number;
  readonly bands: readonly SpendBand[];
}

interface SpendBand {
  /** Repeats below which the band applies. */
  readonly below: number;
  readonly gammaGamma?: GammaGammaParameters;
  /** Mean of paid days; serves where there are too few customers for a fit. 0 where nothing was paid at all. */
  readonly mean: number;
}

/** Above it the model's independence of frequency and spend fails, and each band is fitted by itself. */
const MOST_CORRELATION = 0.3;
const MIN_FITTED = 30;
const MOST_FITTED = 20_000;
const BANDS = [2, 5, 10_000_000];

export function fitSpend(statistics: CustomerStatistics): SpendModel {
  const correlation = correlationOf(statistics);
  const limits = correlation > MOST_CORRELATION ? BANDS : BANDS.slice(-1);
  let from = 0;
  const bands = limits.map((below) => {
    const band = fitBand(statistics, from, below);
    from = below;
    return band;
  });
  return { correlation, bands };
}

/** Expected spend of one purchase day, in the unit of the amounts. */
export function expectedSpend(
  { bands }: SpendModel,
  { repeats, spendDays, sumSpend }: { repeats: number; spendDays: number; sumSpend: number },
): number {
  const band = bands.find(({ below }) => repeats < below);
  if (!band) return 0;
  if (!band.gammaGamma) {
    return (sumSpend + MEAN_WEIGHT * band.mean) / (spendDays + MEAN_WEIGHT);
  }
  const own = spendDays > 0 ? sumSpend / spendDays / band.mean : 0;
  return band.mean * gammaGamma.expectedSpend(band.gammaGamma, spendDays, own);
}

/** Without a fit the population's mean counts like so many days. */
const MEAN_WEIGHT = 2;

function fitBand(s: CustomerStatistics, from: number, below: number): SpendBand {
  const days: number[] = [];
  const means: number[] = [];
  let sum = 0;
  let paid = 0;
  for (let i = 0; i < s.size; i++) {
    const repeats = (s.purchaseDays[i] ?? 1) - 1;
    if (repeats < from || repeats >= below) continue;
    const first = s.firstDaySpend[i] ?? 0;
    const spendDays = s.spendDays[i] ?? 0;
    sum += (s.sumSpend[i] ?? 0) + Math.max(0, first);
    paid += spendDays + (first > 0 ? 1 : 0);
    if (spendDays === 0) continue;
    days.push(spendDays);
    means.push((s.sumSpend[i] ?? 0) / spendDays);
  }
  const mean = paid > 0 ? sum / paid : 0;
  if (days.length < MIN_FITTED || mean === 0) return { below, mean };
  // Spend is counted in means, so that the size of the currency's unit does not matter to the fit.
  const step = Math.ceil(days.length / MOST_FITTED);
  const every = (_: number, j: number): boolean => j % step === 0;
  const fit = fitGammaGamma({
    days: days.filter(every),
    mean: means.filter(every).map((m) => m / mean),
  });
  const { p, q, v } = fit.parameters;
  // Nearly the same spend by everybody leaves the likelihood without a top: the plain mean says as much.
  const sound = [p, q, v].every((value) => Number.isFinite(value) && value < 2000) && q > 1.05;
  return sound ? { below, mean, gammaGamma: fit.parameters } : { below, mean };
}

function correlationOf(s: CustomerStatistics): number {
  let [n, sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < s.size; i++) {
    const spendDays = s.spendDays[i] ?? 0;
    if (spendDays === 0) continue;
    const x = Math.log(s.purchaseDays[i] ?? 1);
    const y = Math.log((s.sumSpend[i] ?? 0) / spendDays);
    n += 1;
    sx += x;
    sy += y;
    sxx += x * x;
    syy += y * y;
    sxy += x * y;
  }
  const spread = Math.sqrt((n * sxx - sx * sx) * (n * syy - sy * sy));
  return spread > 0 ? (n * sxy - sx * sy) / spread : 0;
}
