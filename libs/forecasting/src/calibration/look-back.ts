import type { PopulationParameters } from '../fitting/population-parameters.js';
import { expectedCount } from '../models/expected-count.js';
import { rowOf, type CustomerRow } from '../forecast/customer-row.js';
import { RawModel } from '../forecast/raw-model.js';
import { WeekdayHabit } from '../forecast/weekday-habit.js';
import { weekdaySharesOf } from '../forecast/weekday-shares.js';
import type { KnownHistory } from '../statistics/known-history.js';
import type { CustomerStatistics } from '../statistics/customer-statistics.js';
import { FEATURES, writeFeatures } from './features.js';
import type { CalibrationRows } from './horizon-calibration.js';
import type { WeekdayTrial } from './weekday-trial.js';
import type { Return } from './window-calibration.js';

/** What an earlier day would have forecast, fitted on what it knew, beside what came of it. */
export interface LookBack {
  readonly originDay: number;
  /** Days after the origin that are known. */
  readonly followedDays: number;
  readonly rows: readonly CalibrationRows[];
  readonly returns: readonly Return[];
  /** Of the returns, those of customers with clear weekdays. */
  readonly weekdays: readonly WeekdayTrial[];
  /** Counts over the longest horizon, of some of the rows. */
  readonly counts?: {
    readonly horizonDays: number;
    /** Positions in the rows. */
    readonly row: readonly number[];
    readonly expected: readonly number[];
    readonly actual: readonly number[];
  };
}

export interface LookBackOptions {
  readonly horizonsDays: readonly number[];
  readonly horizonCapDays: number;
  /** Fitted on what the origin knew, or an earlier day. */
  readonly parameters: PopulationParameters;
}

/** Customers that a look back reads at most. */
const MOST_ROWS = 20_000;
/** Returns are judged only where there was time to return. */
const LEAST_FOLLOWED = 60;

export function lookBack(known: KnownHistory, origin: number, options: LookBackOptions): LookBack {
  const all = known.statisticsAsOf(origin);
  const statistics = known.statisticsAt(evenly(all, MOST_ROWS, origin));
  const followedDays = known.untilDay - origin;
  const model = new RawModel(options.parameters);
  const horizons = options.horizonsDays.filter((h) => h <= followedDays);
  const cap = Math.min(options.horizonCapDays, followedDays);
  const capped = known.outcomes(statistics, cap);
  const { size } = statistics;
  const outcomes = horizons.map((h) => known.outcomes(statistics, h));
  const features = horizons.map(() => new Float64Array(size * FEATURES));
  const returns: Return[] = [];
  const habit = new WeekdayHabit(weekdaySharesOf(all));
  const weekdays: WeekdayTrial[] = [];
  const counts = { row: [] as number[], expected: [] as number[], actual: [] as number[] };
  const longest = outcomes.at(-1);
  for (let i = 0; i < size; i++) {
    const row = rowOf(statistics, i);
    model.load(row);
    horizons.forEach((h, j) => {
      const rawProbability = model.purchaseProbability(row.elapsedDays, h);
      const into = features[j];
      if (into) writeFeatures(into, i * FEATURES, { ...row, rawProbability });
    });
    const next = capped.daysToNext[i] ?? 0;
    if (next > 0 && followedDays >= LEAST_FOLLOWED) {
      const ret = returnAt(model, row, next, cap);
      if (ret) returns.push(ret);
      habit.load(statistics.weekday, 7 * i);
      if (ret && habit.isClear) weekdays.push(weekdayTrial(model, habit, row, { next, cap }));
    }
    if (longest && i % COUNT_STEP === 0) {
      const { unitDays } = model;
      const state = { x: row.repeats, u: row.elapsedDays / unitDays };
      const h = longest.horizonDays / unitDays;
      counts.row.push(i);
      counts.expected.push(expectedCount(model.posterior, { ...state, h }, 8));
      counts.actual.push(longest.count[i] ?? 0);
    }
  }
  return {
    originDay: origin,
    followedDays,
    rows: horizons.map((horizonDays, j) => ({
      horizonDays,
      size,
      features: features[j] ?? new Float64Array(),
      outcome: Uint8Array.from(outcomes[j]?.count ?? [], (count) => (count > 0 ? 1 : 0)),
      customer: statistics.customer,
    })),
    returns,
    weekdays,
    ...(longest && { counts: { horizonDays: longest.horizonDays, ...counts } }),
  };
}

function returnAt(
  model: RawModel,
  { repeats, elapsedDays }: CustomerRow,
  daysToNext: number,
  capDays: number,
): Return | undefined {
  const survival = model.survivalNow(elapsedDays);
  const within = survival - model.survival(elapsedDays + capDays);
  if (!(within > 1e-12)) return undefined;
  const level = (days: number): number =>
    Math.min(1, (survival - model.survival(elapsedDays + days)) / within);
  const levels = [level(daysToNext + 0.5), level(daysToNext), level(daysToNext - 0.5)] as const;
  return { repeats, survival, levels };
}

function weekdayTrial(
  model: RawModel,
  habit: WeekdayHabit,
  { lastDay, asOfDay, elapsedDays }: CustomerRow,
  { next, cap }: { next: number; cap: number },
): WeekdayTrial {
  const days = model.quantile(0.5, elapsedDays, cap) ?? cap / 2;
  const expected = asOfDay + Math.max(1, Math.round(days));
  const snapped = habit.nearest(model, lastDay, elapsedDays, expected);
  const actual = asOfDay + next;
  return { plain: Math.abs(expected - actual), snapped: Math.abs(snapped - actual) };
}

/** Expected counts cost most and are summed only: every fourth customer will do. */
const COUNT_STEP = 4;

function evenly(
  statistics: CustomerStatistics,
  most: number,
  asOfDay: number,
): { customer: number; asOfDay: number }[] {
  const n = Math.min(most, statistics.size);
  return Array.from({ length: n }, (_, j) => ({
    customer: statistics.customer[Math.floor(((j + 0.5) * statistics.size) / n)] ?? 0,
    asOfDay,
  }));
}
