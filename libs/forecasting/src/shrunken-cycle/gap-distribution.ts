import type { PurchaseHistory } from '../history.js';
import { normalCdf, normalQuantile } from '../special/normal.js';
import type { GapParameters } from './parameters.js';

/** The pooled within-customer variance counts like so many observed gaps beside the customer's own. */
const VARIANCE_PRIOR_GAPS = 4;
/** Together with the stay share: how much evidence that share is, in purchases. */
const STAY_WEIGHT = 2.5;
const Z90 = 1.2815515655446004;

/** What the next gap of one customer is believed to be: lognormal, and the odds that there will be none. */
export interface GapDistribution {
  /** ln of the median gap in days. */
  readonly location: number;
  readonly scale: number;
  /** Odds of having stopped for good right after the last purchase. */
  readonly stoppedOdds: number;
  /** How many gaps the prior weighs in the location. */
  readonly priorGaps: number;
}

/**
 * The customer's own mean ln(gap), shrunk towards the population's (normal-normal), and his own variance shrunk
 * towards the pooled one, so that clockwork is believed sooner than a loose rhythm. A stated cycle takes the
 * population's place, with the weight of a number of observed gaps.
 */
export function gapDistribution(
  history: PurchaseHistory,
  prior: GapParameters,
  stated: { readonly cycleDays: number; readonly weightGaps: number } | undefined,
): GapDistribution {
  const gaps = history.purchaseCount - 1;
  const mean = gaps > 0 ? history.sumLnGap / gaps : 0;
  const squares = Math.max(0, history.sumLnGapSq - gaps * mean * mean);
  const freedom = VARIANCE_PRIOR_GAPS + Math.max(0, gaps - 1);
  const variance = (VARIANCE_PRIOR_GAPS * prior.withinVariance + squares) / freedom;

  const priorGaps = stated ? stated.weightGaps : variance / prior.betweenVariance;
  const priorMean = stated ? Math.log(stated.cycleDays) : prior.meanLnGap;
  const location = (gaps * mean + priorGaps * priorMean) / (gaps + priorGaps);
  const predictive = Math.sqrt(variance + variance / (gaps + priorGaps));

  return {
    location,
    scale: predictive * studentWidening(freedom),
    stoppedOdds: (STAY_WEIGHT * (1 - prior.stayShare)) / (STAY_WEIGHT * prior.stayShare + gaps),
    priorGaps,
  };
}

/** How much further out Student's 90 % point lies than the normal's (Cornish-Fisher, second order; 4 degrees: 1.193, exact 1.196). */
function studentWidening(freedom: number): number {
  const z2 = Z90 * Z90;
  return 1 + (z2 + 1) / (4 * freedom) + (5 * z2 * z2 + 16 * z2 + 3) / (96 * freedom * freedom);
}

/** S(u): the share of gaps longer than u days, given that the customer comes back at all. S(0) = 1. */
export function survival(gap: GapDistribution, days: number): number {
  return days <= 0 ? 1 : normalCdf((gap.location - Math.log(days)) / gap.scale);
}

/** The u with S(u) = s. */
export function survivalInverse(gap: GapDistribution, share: number): number {
  return Math.exp(gap.location - gap.scale * normalQuantile(share));
}

export interface Silence {
  readonly gap: GapDistribution;
  /** Days since the last purchase. */
  readonly elapsed: number;
  readonly horizonDays: number;
}

/**
 * Days from now to the next purchase at level p, given the silence so far and that it comes within the horizon;
 * undefined where the model no longer knows any date (silent far beyond every gap).
 */
export function quantileFromNow(
  { gap, elapsed, horizonDays }: Silence,
  p: number,
): number | undefined {
  const now = survival(gap, elapsed);
  if (now < 1e-12) return undefined;
  const end = survival(gap, elapsed + horizonDays);
  const days = survivalInverse(gap, now - p * (now - end)) - elapsed;
  // Rounding can leave the interval by a hair.
  return Math.min(Math.max(0, days), horizonDays);
}

/** P(at least one purchase within the days after now), P(stopped) taken into account. */
export function purchaseWithin(gap: GapDistribution, elapsed: number, days: number): number {
  const now = survival(gap, elapsed);
  const within = (now - survival(gap, elapsed + days)) / (now + gap.stoppedOdds);
  return Math.min(1, Math.max(0, within));
}

export function aliveAfter(gap: GapDistribution, elapsed: number): number {
  const now = survival(gap, elapsed);
  return now / (now + gap.stoppedOdds);
}
