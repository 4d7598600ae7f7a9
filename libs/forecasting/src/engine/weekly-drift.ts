import { CycleForecaster } from '../forecast/cycle-forecaster.js';
import type { PurchaseCycleModel } from '../forecast/cycle-model.js';
import { KnownHistory, type PurchaseHistories } from '../statistics/index.js';

/** Purchases of the customers known at a week's start: those that came against those expected. */
export interface DriftWeek {
  readonly expected: number;
  readonly observed: number;
}

export interface Drift {
  /** Observed over expected, all weeks together; absent where hardly anything was expected. */
  readonly ratio?: number;
  /** Oldest first. */
  readonly weeks: readonly DriftWeek[];
  readonly isAlarm: boolean;
}

const WEEKS = 2;
/** Fewer expected purchases than this are noise: then the weeks count together. */
const LEAST_EXPECTED = 100;
const LOW = 0.8;
const HIGH = 1.25;

/** Whether purchases of the last two weeks have left what the model expected. @param lastDay observed to its end */
export function weeklyDrift(
  model: PurchaseCycleModel,
  histories: PurchaseHistories,
  lastDay: number,
): Drift {
  const known = new KnownHistory(histories, lastDay);
  const forecaster = new CycleForecaster(model, [7]);
  const weeks = Array.from({ length: WEEKS }, (_, i) =>
    weekFrom(known, forecaster, lastDay - 7 * (WEEKS - i)),
  );
  return { weeks, ...verdictOn(weeks) };
}

/** Pure: the alarm rings when every week that counts is out of bounds, or all of them together where each is small. */
export function verdictOn(weeks: readonly DriftWeek[]): Pick<Drift, 'ratio' | 'isAlarm'> {
  const pooled = weeks.reduce(
    (sum, { expected, observed }) => ({
      expected: sum.expected + expected,
      observed: sum.observed + observed,
    }),
    { expected: 0, observed: 0 },
  );
  if (pooled.expected < 1) return { isAlarm: false };
  const ratio = pooled.observed / pooled.expected;
  if (pooled.expected < LEAST_EXPECTED) return { ratio, isAlarm: false };
  const counted = weeks.every(({ expected }) => expected >= LEAST_EXPECTED) ? weeks : [pooled];
  return { ratio, isAlarm: counted.every(isOff) };
}

function isOff({ expected, observed }: DriftWeek): boolean {
  return observed < LOW * expected || observed > HIGH * expected;
}

function weekFrom(known: KnownHistory, forecaster: CycleForecaster, start: number): DriftWeek {
  const statistics = known.statisticsAsOf(start);
  const { count } = known.outcomes(statistics, 7);
  let expected = 0;
  for (let i = 0; i < statistics.size; i++) {
    expected += forecaster.expectedCount(statistics, i);
  }
  return { expected, observed: count.reduce((sum, n) => sum + n, 0) };
}
