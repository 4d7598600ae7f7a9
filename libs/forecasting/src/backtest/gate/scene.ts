import { gapBaselines, logisticRfm } from '../../baselines/index.js';
import type { Forecaster, Scores } from '../../forecaster.js';
import type { KnownHistory, PurchaseHistories } from '../../statistics/index.js';
import type { Truth } from '../judge-forecaster.js';

/** What the candidate and its opponents said on one origin, and what came of it. */
export interface Scene {
  readonly truth: Truth;
  readonly own: Scores;
  readonly rfm: Scores;
  readonly fairRule?: Scores;
  readonly active?: Scores;
}

export interface GateCandidates {
  readonly candidate: Forecaster;
  readonly active?: ActiveVersion;
}

/** The version in use. What it has seen it would recite, so it is compared on later days only. */
export interface ActiveVersion {
  readonly forecaster: Forecaster;
  /** The last day that it has seen. */
  readonly asOfDay: number;
}

/** A date is forecast on the condition that the purchase comes within a year. */
const DATE_CAP_DAYS = 365;

export function truthAt(
  known: KnownHistory,
  originDay: number,
  horizonsDays: readonly number[],
): Truth {
  const statistics = known.statisticsAsOf(originDay);
  const followUpDays = Math.min(DATE_CAP_DAYS, known.untilDay - originDay);
  return {
    statistics,
    followUpDays,
    daysToNext: known.outcomes(statistics, followUpDays).daysToNext,
    horizons: horizonsDays.map((days) => known.outcomes(statistics, days)),
  };
}

/** @param past what was known on the origin, and nothing later; of these histories */
export function sceneAt(
  histories: PurchaseHistories,
  past: KnownHistory,
  truth: Truth,
  { candidate, active }: GateCandidates,
): Scene {
  const horizons = truth.horizons.map(({ horizonDays }) => horizonDays);
  const scoresOf = (forecaster: Forecaster): Scores =>
    forecaster.fit(past, horizons).score(truth.statistics);
  const fairRule = gapBaselines(histories).find(({ name }) => name === 'max(last + mean gap, now)');
  return {
    truth,
    own: scoresOf(candidate),
    rfm: scoresOf(logisticRfm),
    ...(fairRule && { fairRule: scoresOf(fairRule) }),
    ...(active && past.untilDay >= active.asOfDay && { active: scoresOf(active.forecaster) }),
  };
}
