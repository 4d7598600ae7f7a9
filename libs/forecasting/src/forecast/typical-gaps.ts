import type { PopulationParameters } from '../fitting/population-parameters.js';
import type { CustomerStatistics } from '../statistics/customer-statistics.js';
import type { PurchaseCycleModel } from './cycle-model.js';
import { RawModel } from './raw-model.js';
import { defaultRules, type ForecastRules } from './settings.js';

const FOLLOW_UP_DAYS = 365;
const ENOUGH_GAPS = 10;

/** Typical gaps as seen, and as the model expects them where too few were. */
export function typicalGaps(
  s: CustomerStatistics,
  parameters: PopulationParameters,
  { horizonCapDays }: Pick<ForecastRules, 'horizonCapDays'> = defaultRules,
): Pick<PurchaseCycleModel, 'newDays' | 'medianGapDays'> {
  const first: number[] = [];
  const mean: number[] = [];
  for (let i = 0; i < s.size; i++) {
    const repeats = (s.purchaseDays[i] ?? 1) - 1;
    if (repeats === 0) continue;
    mean.push(((s.lastDay[i] ?? 0) - (s.firstDay[i] ?? 0)) / repeats);
    const followed = (s.asOfDay[i] ?? 0) - (s.firstDay[i] ?? 0);
    if (followed >= FOLLOW_UP_DAYS) first.push(s.firstGap[i] ?? 0);
  }
  const model = new RawModel(parameters);
  model.load({
    repeats: 0,
    firstDay: 0,
    lastDay: 0,
    asOfDay: 0,
    sumLnGap: 0,
    elapsedDays: 0,
    ageDays: 0,
    meanSpend: 0,
  });
  const expected = model.quantile(0.5, 0, horizonCapDays) ?? horizonCapDays / 2;
  return {
    newDays: first.length >= ENOUGH_GAPS ? medianOf(first) : expected,
    medianGapDays: mean.length >= ENOUGH_GAPS ? medianOf(mean) : expected,
  };
}

function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}
