import { fromEpochDay, type Day } from '@regulars/kernel';
import { gapBaselines, logisticRfm } from '../../baselines/index.js';
import type { Forecaster, Scores } from '../../forecaster.js';
import { dayRange } from '../../histories/histories.js';
import { PurchaseFileError } from '../../histories/purchase-file-error.js';
import { KnownHistory, type Outcomes, type PurchaseHistories } from '../../statistics/index.js';
import { judgeForecaster, type Truth } from '../judge-forecaster.js';
import { logLossOf } from '../metrics/probability-metrics.js';
import { planOrigins } from '../plan-origins.js';
import type { ForecasterReport } from '../report.js';
import { sampleCustomers } from '../sample-customers.js';
import { pairedBootstrap, type Comparison, type Losses } from './paired-bootstrap.js';

export type GateVerdict = 'pass' | 'fail' | 'not enough data';

/** What the gate found; the verdict follows from the checks alone. */
export interface GateReport {
  readonly verdict: GateVerdict;
  /** The newest day from which there was enough time to judge. */
  readonly origin?: Day;
  readonly buyers: number;
  readonly checks: readonly GateCheck[];
}

export interface GateCheck {
  readonly name: string;
  readonly passed: boolean;
  /** What was measured: a figure within limits, or a difference with its 95 % interval. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface GateCandidates {
  readonly candidate: Forecaster;
  /** The version in use, if any. */
  readonly active?: Forecaster;
}

const HORIZONS = [30, 90] as const;
/** How long dates are followed: a year would judge by an origin that is long past. */
const WINDOW_DAYS = 180;
const FEWEST_BUYERS = 200;
const MOST_CUSTOMERS = 50_000;
const DATE_CAP_DAYS = 365;

/**
 * Whether a new fit may replace the one in use: as it would be served, on the newest origin, against logistic RFM, the
 * fair rule of thumb for dates, and the version in use. "Worse" means outside the 95 % interval of a paired bootstrap.
 */
export function judgeCandidate(
  all: PurchaseHistories,
  { candidate, active }: GateCandidates,
  seed = 1,
): GateReport {
  const originDay = newestOrigin(all);
  if (originDay === undefined) return { verdict: 'not enough data', buyers: 0, checks: [] };
  const histories = sampleCustomers(all, MOST_CUSTOMERS, seed);
  const truth = truthAt(histories, originDay);
  const past = new KnownHistory(histories, originDay);
  const scoresOf = (forecaster: Forecaster): Scores =>
    forecaster.fit(past, HORIZONS).score(truth.statistics);
  const fairRule = gapBaselines(histories).find(({ name }) => name === 'max(last + mean gap, now)');
  const own = scoresOf(candidate);
  const scene: Scene = {
    own,
    truth,
    rfm: scoresOf(logisticRfm),
    ...(fairRule && { fairRule: scoresOf(fairRule) }),
    ...(active && { active: scoresOf(active) }),
  };
  const checks = [...comparisonChecks(scene, seed), ...limitChecks(judgeForecaster(own, truth))];
  const buyers = truth.horizons.at(-1)?.count.filter((n) => n > 0).length ?? 0;
  return {
    verdict: verdictOf(buyers, checks),
    origin: fromEpochDay(originDay),
    buyers,
    checks,
  };
}

interface Scene {
  readonly own: Scores;
  readonly truth: Truth;
  readonly rfm: Scores;
  readonly fairRule?: Scores;
  readonly active?: Scores;
}

function verdictOf(buyers: number, checks: readonly GateCheck[]): GateVerdict {
  if (buyers < FEWEST_BUYERS) return 'not enough data';
  return checks.every(({ passed }) => passed) ? 'pass' : 'fail';
}

function newestOrigin(histories: PurchaseHistories): number | undefined {
  const range = dayRange(histories);
  if (!range) return undefined;
  try {
    return planOrigins(range, HORIZONS, 1, [WINDOW_DAYS]).origins.at(-1);
  } catch (error) {
    if (error instanceof PurchaseFileError) return undefined;
    throw error;
  }
}

function truthAt(histories: PurchaseHistories, originDay: number): Truth {
  const lastDay = dayRange(histories)?.lastDay ?? originDay;
  const known = new KnownHistory(histories, lastDay);
  const statistics = known.statisticsAsOf(originDay);
  const followUpDays = Math.min(DATE_CAP_DAYS, lastDay - originDay);
  return {
    statistics,
    followUpDays,
    daysToNext: known.outcomes(statistics, followUpDays).daysToNext,
    horizons: HORIZONS.filter((days) => days <= followUpDays).map((days) =>
      known.outcomes(statistics, days),
    ),
  };
}

function comparisonChecks({ own, rfm, fairRule, active, truth }: Scene, seed: number): GateCheck[] {
  const named = [
    ...truth.horizons.flatMap((outcomes) => [
      compare(`log-loss ${outcomes.horizonDays} d against logistic RFM`, 1, [own, rfm], (scores) =>
        probabilityLosses(scores, outcomes),
      ),
      compare(
        `log-loss ${outcomes.horizonDays} d against the active version`,
        1.01,
        [own, active],
        (scores) => probabilityLosses(scores, outcomes),
      ),
    ]),
    compare('date error against max(last + mean gap, now)', 1, [own, fairRule], (scores) =>
      dateLosses(scores, truth),
    ),
    compare('date error against the active version', 1.03, [own, active], (scores) =>
      dateLosses(scores, truth),
    ),
  ].flat();
  const intervals = pairedBootstrap(named, truth.statistics.size, seed);
  return named.map(({ name }, i) => {
    const { difference, low, high } = intervals[i] ?? { difference: 0, low: 0, high: 0 };
    return { name, passed: low <= 0, value: difference, low, high };
  });
}

/** Nothing where one of the two has no such forecast: there is no such opponent. */
function compare(
  name: string,
  allowance: number,
  [own, other]: readonly [Scores, Scores | undefined],
  lossesOf: (scores: Scores) => Losses | undefined,
): (Comparison & { readonly name: string })[] {
  const [mine, theirs] = [lossesOf(own), other && lossesOf(other)];
  return mine && theirs ? [{ name, allowance, own: mine, other: theirs }] : [];
}

function probabilityLosses(scores: Scores, { horizonDays, count }: Outcomes): Losses | undefined {
  const probability = scores.horizons?.find((own) => own.horizonDays === horizonDays)?.probability;
  return (
    probability && {
      loss: probability.map((p, i) => logLossOf(p, (count[i] ?? 0) > 0 ? 1 : 0)),
      counted: new Uint8Array(count.length).fill(1),
    }
  );
}

/** Of repeaters who bought. */
function dateLosses({ dates }: Scores, { statistics, daysToNext }: Truth): Losses | undefined {
  if (!dates) return undefined;
  const counted = Uint8Array.from(daysToNext, (days, i) =>
    days > 0 && (statistics.purchaseDays[i] ?? 0) > 1 ? 1 : 0,
  );
  if (!counted.includes(1)) return undefined;
  return {
    counted,
    loss: Float64Array.from(dates.expectedDay, (day, i) =>
      Math.abs(day - (statistics.asOfDay[i] ?? 0) - (daysToNext[i] ?? 0)),
    ),
  };
}

function limitChecks({ horizons, dates }: Omit<ForecasterReport, 'name' | 'notes'>): GateCheck[] {
  return [
    ...horizons.flatMap(({ horizonDays, probability, count }) => [
      within(`sum P / buyers ${horizonDays} d`, probability?.levelRatio, 0.8, 1.25),
      within(`calibration slope ${horizonDays} d`, probability?.calibrationSlope, 0.8, 1.25),
      within(`count bias ${horizonDays} d`, count?.bias, -0.2, 0.2),
    ]),
    within('window coverage', dates?.all?.window?.coverage, 0.72, 0.88),
  ].flat();
}

/** A figure that could not be measured is no reason to refuse; too few buyers are, and are told apart. */
function within(name: string, value: number | undefined, low: number, high: number): GateCheck[] {
  if (value === undefined) return [];
  return [{ name, passed: value >= low && value <= high, value, low, high }];
}
