import type { CustomerStatistics } from './statistics/customer-statistics.js';
import type { KnownHistory } from './statistics/known-history.js';

/**
 * Anything that can be backtested: the engine and the baselines alike. It learns from what was known on a day, then
 * scores customers as of any later moment. It gives the columns that it has a notion of and leaves out the others.
 */
export interface Forecaster {
  readonly name: string;
  /** @param horizonsDays for which probabilities, counts and spend will be asked, ascending */
  fit(known: KnownHistory, horizonsDays: readonly number[]): FittedForecaster;
}

export interface FittedForecaster {
  score(statistics: CustomerStatistics): Scores;
  /** The dates of {@link score} alone, where they cost much less than all of it. */
  dates?(statistics: CustomerStatistics): DateScores;
  /** What was learnt, for reports: parameters, weights, choices. */
  readonly notes?: Readonly<Record<string, number | string>>;
}

/** One entry per row of the statistics, in the same order. */
export interface Scores {
  /** One per horizon of the fit, in its order: what happens in (asOf, asOf + h]. */
  readonly horizons?: readonly HorizonScores[];
  /** Higher means a purchase is more likely or sooner; where a forecaster ranks and has no probability. */
  readonly rank?: Float64Array;
  readonly dates?: DateScores;
  readonly probabilityAlive?: Float64Array;
  /** Days since 1970-01-01. */
  readonly lostDay?: Int32Array;
  /** Positions in {@link predictabilities}; 0 is `ok`. */
  readonly predictability?: Uint8Array;
  /** Positions in {@link segmentNames}. */
  readonly segment?: Uint8Array;
}

export interface HorizonScores {
  readonly horizonDays: number;
  /** Probability of at least one purchase. */
  readonly probability?: Float64Array;
  /** The same before calibration, for comparison. */
  readonly rawProbability?: Float64Array;
  /** Expected purchase days. */
  readonly count?: Float64Array;
  readonly spend?: Float64Array;
}

/** Days since 1970-01-01, always after the as-of day; filled for everybody, also where `predictability` withholds them. */
export interface DateScores {
  /** The median of the next purchase, given that it comes within the cap. */
  readonly expectedDay: Int32Array;
  /** Holds the next purchase with probability 0.8. */
  readonly windowFrom?: Int32Array;
  readonly windowTo?: Int32Array;
}

export const predictabilities = ['ok', 'no-cycle', 'lost', 'low-return', 'wide-window'] as const;
export const segmentNames = ['new', 'one-time', 'lost', 'regular', 'periodic'] as const;
