import { fromEpochDay } from '@regulars/kernel';
import { mandatoryBaselines } from '../baselines/index.js';
import type { FittedForecaster, Forecaster } from '../forecaster.js';
import { PurchaseFileError } from '../histories/purchase-file-error.js';
import { dayRange } from '../histories/histories.js';
import { KnownHistory, type PurchaseHistories } from '../statistics/index.js';
import { judgeAfterOrders, ordersAfter, type OrderStates } from './after-order.js';
import { judgeForecaster, type Truth } from './judge-forecaster.js';
import { planOrigins } from './plan-origins.js';
import type { BacktestReport, ForecasterReport, OriginReport } from './report.js';
import { sampleCustomers } from './sample-customers.js';
import { weeksAfter } from './weeks.js';

export interface BacktestOptions {
  readonly horizonsDays?: readonly number[];
  /** How many origins to spread over the history; `originDays` names them instead. */
  readonly origins?: number;
  /** Days since 1970-01-01. */
  readonly originDays?: readonly number[];
  readonly dateCapDays?: number;
  readonly seed?: number;
  /** Where there are more customers, a sample of so many is judged (and learnt from): time has an end at any size. */
  readonly mostCustomers?: number;
  readonly onProgress?: (progress: BacktestProgress) => void;
}

export interface BacktestProgress {
  readonly done: number;
  readonly of: number;
  /** What comes next. */
  readonly next: string;
}

const DEFAULTS = {
  horizonsDays: [14, 30, 90, 180, 365],
  origins: 4,
  dateCapDays: 365,
  seed: 1,
  mostCustomers: 30_000,
};

/**
 * Judges forecasters on the past, the mandatory baselines always beside them: at each origin they learn from what was known and are held against what came. A fit gets
 * a history that ends at the origin, so nothing can look ahead.
 * @throws PurchaseFileError where the history is too short to judge anything
 */
export function runBacktest(
  all: PurchaseHistories,
  judged: readonly Forecaster[],
  options: BacktestOptions = {},
): BacktestReport {
  const {
    horizonsDays: wanted,
    origins,
    dateCapDays,
    seed,
    mostCustomers,
  } = { ...DEFAULTS, ...options };
  const range = dayRange(all);
  if (!range) throw new PurchaseFileError('There are no purchases to judge forecasts on.');
  const plan = options.originDays
    ? {
        origins: ascendingOrigins(options.originDays, range),
        horizonsDays: [...wanted].sort((a, b) => a - b),
      }
    : planOrigins(range, wanted, origins);
  const histories = sampleCustomers(all, mostCustomers, seed);
  const forecasters = [...judged, ...mandatoryBaselines(histories)];
  const known = new KnownHistory(histories, range.lastDay);
  const of = plan.origins.length * forecasters.length;
  let done = 0;
  const originReports = plan.origins.map((originDay) =>
    judgeOrigin(
      { histories, known, originDay, horizonsDays: plan.horizonsDays, dateCapDays, seed },
      forecasters,
      (next) => {
        options.onProgress?.({ done: done++, of, next });
      },
    ),
  );
  options.onProgress?.({ done: of, of, next: '' });
  return {
    format: 1,
    data: {
      customers: all.size,
      judgedCustomers: histories.size,
      purchaseDays: all.days.length,
      firstDay: fromEpochDay(range.firstDay),
      lastDay: fromEpochDay(range.lastDay),
    },
    settings: { horizonsDays: plan.horizonsDays, seed, dateCapDays },
    judged: judged.map(({ name }) => name),
    origins: originReports,
  };
}

function ascendingOrigins(
  days: readonly number[],
  { firstDay, lastDay }: { readonly firstDay: number; readonly lastDay: number },
): number[] {
  for (const day of days) {
    if (day >= firstDay && day < lastDay) continue;
    throw new PurchaseFileError(
      `An origin must lie within the purchases: from ${fromEpochDay(firstDay)} and before ${fromEpochDay(lastDay)}.`,
    );
  }
  return [...new Set(days)].sort((a, b) => a - b);
}

interface OriginScene {
  readonly histories: PurchaseHistories;
  /** Everything, the days after the origin included. */
  readonly known: KnownHistory;
  readonly originDay: number;
  readonly horizonsDays: readonly number[];
  readonly dateCapDays: number;
  readonly seed: number;
}

function judgeOrigin(
  scene: OriginScene,
  forecasters: readonly Forecaster[],
  onNext: (name: string) => void,
): OriginReport {
  const truth = truthOf(scene);
  const orders = ordersAfter(scene.histories, scene.known, scene.originDay, scene.seed);
  const past = scene.known.asKnownOn(scene.originDay);
  const asked = truth.horizons.map(({ horizonDays }) => horizonDays);
  const reports = forecasters.map((forecaster): ForecasterReport => {
    onNext(`${fromEpochDay(scene.originDay)}, ${forecaster.name}`);
    return reportOf(forecaster.name, forecaster.fit(past, asked), truth, orders);
  });
  const { statistics, followUpDays } = truth;
  return {
    day: fromEpochDay(scene.originDay),
    customers: statistics.size,
    repeaters: statistics.purchaseDays.filter((n) => n > 1).length,
    followUpDays,
    ...(orders && { afterOrder: orders.frame }),
    forecasters: reports,
    weeks: weeksAfter(scene.histories, scene.originDay, asked.at(-1) ?? 0, reports),
  };
}

function reportOf(
  name: string,
  fitted: FittedForecaster,
  truth: Truth,
  orders: OrderStates | undefined,
): ForecasterReport {
  const datesAfterOrder = orders && judgeAfterOrders(fitted, orders);
  return {
    name,
    ...judgeForecaster(fitted.score(truth.statistics), truth),
    ...(datesAfterOrder && { datesAfterOrder }),
    notes: fitted.notes ?? {},
  };
}

function truthOf({ known, originDay, horizonsDays, dateCapDays }: OriginScene): Truth {
  const statistics = known.statisticsAsOf(originDay);
  const left = known.untilDay - originDay;
  const followUpDays = Math.min(dateCapDays, left);
  return {
    statistics,
    followUpDays,
    daysToNext: known.outcomes(statistics, followUpDays).daysToNext,
    horizons: horizonsDays
      .filter((horizonDays) => horizonDays <= left)
      .map((horizonDays) => known.outcomes(statistics, horizonDays)),
  };
}
