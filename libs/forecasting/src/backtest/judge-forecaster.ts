import {
  predictabilities,
  type DateScores,
  type HorizonScores,
  type Scores,
} from '../forecaster.js';
import type { CustomerStatistics, Outcomes } from '../statistics/index.js';
import { countMetrics } from './metrics/count-metrics.js';
import { dateMetrics } from './metrics/date-metrics.js';
import { probabilityMetrics } from './metrics/probability-metrics.js';
import { auc, concordance } from './metrics/ranking.js';
import { spendMetrics } from './metrics/spend-metrics.js';
import type { DateReport, ForecasterReport, HorizonReport } from './report.js';

/** What was known of the customers at an origin, and what came. */
export interface Truth {
  readonly statistics: CustomerStatistics;
  readonly horizons: readonly Outcomes[];
  readonly followUpDays: number;
  /** First purchase within the follow-up; 0 without. */
  readonly daysToNext: Uint32Array;
}

/** Every metric that the forecaster's scores allow. */
export function judgeForecaster(
  scores: Scores,
  truth: Truth,
): Omit<ForecasterReport, 'name' | 'notes' | 'datesAfterOrder'> {
  const ranking = scores.rank ?? longestProbability(scores);
  const cIndex = ranking && concordance(ranking, truth.daysToNext);
  return {
    horizons: truth.horizons.flatMap((outcomes) => horizonReport(scores, outcomes, truth)),
    ...(cIndex !== undefined && { concordance: cIndex }),
    ...(scores.dates && { dates: dateReport(scores.dates, scores.predictability, truth) }),
    ...(scores.predictability && { answers: answers(scores.predictability, truth) }),
    ...(scores.lostDay && { lost: lost(scores.lostDay, truth) }),
  };
}

function longestProbability({ horizons = [] }: Scores): Float64Array | undefined {
  return horizons.findLast(({ probability }) => probability !== undefined)?.probability;
}

function horizonReport(scores: Scores, outcomes: Outcomes, truth: Truth): HorizonReport[] {
  const { horizonDays, count, spend } = outcomes;
  const own: HorizonScores | undefined = scores.horizons?.find(
    (candidate) => candidate.horizonDays === horizonDays,
  );
  const bought = Uint8Array.from(count, (n) => (n > 0 ? 1 : 0));
  const order = own?.probability ?? scores.rank;
  const area = order && auc(order, bought);
  const rawArea = own?.rawProbability && auc(own.rawProbability, bought);
  if (!order && !own) return [];
  return [
    {
      horizonDays,
      buyers: bought.reduce((sum, y) => sum + y, 0),
      ...(area !== undefined && { auc: area }),
      ...(own?.probability && { probability: probabilityMetrics(own.probability, bought) }),
      ...(own?.rawProbability && {
        rawProbability: probabilityMetrics(own.rawProbability, bought),
      }),
      ...(rawArea !== undefined && { rawAuc: rawArea }),
      ...(own?.count && { count: countMetrics(own.count, count, truth.statistics.purchaseDays) }),
      ...(own?.spend && { spend: spendMetrics(own.spend, spend) }),
    },
  ];
}

const BANDS: readonly { readonly band: string; readonly from: number; readonly to: number }[] = [
  { band: '0', from: 0, to: 0 },
  { band: '1', from: 1, to: 1 },
  { band: '2-4', from: 2, to: 4 },
  { band: '5-9', from: 5, to: 9 },
  { band: '10+', from: 10, to: Infinity },
];

function dateReport(
  dates: DateScores,
  predictability: Uint8Array | undefined,
  { statistics, daysToNext }: Truth,
): DateReport {
  const rows = Array.from({ length: statistics.size }, (_, row) => row);
  const repeats = (row: number): number => (statistics.purchaseDays[row] ?? 1) - 1;
  const judge = (keep: (row: number) => boolean) =>
    dateMetrics(dates, statistics.asOfDay, daysToNext, rows.filter(keep));
  const all = judge(() => true);
  const repeaters = judge((row) => repeats(row) >= 1);
  const frequent = judge((row) => repeats(row) >= 5);
  const answered = predictability && judge((row) => predictability[row] === 0);
  return {
    ...(all && { all }),
    ...(repeaters && { repeaters }),
    ...(frequent && { frequent }),
    ...(answered && { answered }),
    bands: BANDS.flatMap(({ band, from, to }) => {
      const found = judge((row) => repeats(row) >= from && repeats(row) <= to);
      return found ? [{ band, dates: found }] : [];
    }),
  };
}

function answers(
  predictability: Uint8Array,
  { statistics }: Truth,
): NonNullable<ForecasterReport['answers']> {
  const reasons = new Map<string, number>();
  let [answered, repeaters, answeredRepeaters] = [0, 0, 0];
  predictability.forEach((state, row) => {
    const repeats = (statistics.purchaseDays[row] ?? 1) > 1;
    if (repeats) repeaters += 1;
    if (state === 0) {
      answered += 1;
      if (repeats) answeredRepeaters += 1;
    } else {
      const reason = predictabilities[state] ?? 'unknown';
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
  });
  return {
    ofAll: answered / predictability.length,
    ...(repeaters > 0 && { ofRepeaters: answeredRepeaters / repeaters }),
    reasons: Object.fromEntries(reasons),
  };
}

function lost(
  lostDay: Int32Array,
  { statistics, daysToNext }: Truth,
): NonNullable<ForecasterReport['lost']> {
  let [declared, cameBack] = [0, 0];
  lostDay.forEach((day, row) => {
    if (day > (statistics.asOfDay[row] ?? 0)) return;
    declared += 1;
    if ((daysToNext[row] ?? 0) > 0) cameBack += 1;
  });
  return { declared, cameBack };
}
