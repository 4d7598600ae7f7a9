import { betaFraction } from '../special/beta-fraction.js';
import { lnBeta } from '../special/special-functions.js';

// Bound once: these run by the million, and a look-up of the global each time is slow in sandboxes such as test runners.
const { exp, floor, log, log1p, max, min } = Math;

/**
 * The next gap of a customer, right after a purchase: gaps are Gamma(k, lambda), lambda ~ Gamma(R, rate A) as far as he
 * is known, so gap/A is beta-prime(k, R). All functions take t = gap/A and lnB = ln B(R, k), which callers keep.
 */

/** P(gap/A > t) = I_{1/(1+t)}(R, k). */
export function gapSurvival(R: number, k: number, lnB: number, t: number): number {
  if (t <= 0) return 1;
  const w = 1 / (1 + t);
  if (w === 0) return 0;
  if (k <= MAX_SUM && floor(k) === k) return erlangSurvival(R, k, t);
  const direct = w < (R + 1) / (R + k + 2);
  const front = frontOf(R, k, lnB, t);
  return direct
    ? (front * betaFraction(w, R, k)) / R
    : max(0, 1 - (front * betaFraction(t * w, k, R)) / k);
}

/** P(gap/A <= t) = I_{t/(1+t)}(k, R): keeps its digits where it is small. */
export function gapCdf(R: number, k: number, lnB: number, t: number): number {
  if (t <= 0) return 0;
  const w = 1 / (1 + t);
  if (w === 0) return 1;
  const front = frontOf(R, k, lnB, t);
  return w < (R + 1) / (R + k + 2)
    ? max(0, 1 - (front * betaFraction(w, R, k)) / R)
    : (front * betaFraction(t * w, k, R)) / k;
}

/** Density of gap/A at t. */
export function gapDensity(R: number, k: number, lnB: number, t: number): number {
  return t <= 0 ? 0 : frontOf(R, k, lnB, t) / t;
}

/** How the survival at t changes: with R (t standing), and `front`, which over A is its change with A (gap standing). */
export interface SurvivalSlope {
  readonly byR: number;
  readonly front: number;
}

/** ln B at R and a step to either side of it, which callers keep. */
export interface NearbyBetas {
  readonly step: number;
  readonly below: number;
  readonly at: number;
  readonly above: number;
}

/** Of integer k in closed form, else by a small step to either side: the incomplete beta has no simple slope in R. */
export function gapSurvivalSlope(
  R: number,
  k: number,
  { step, below, at, above }: NearbyBetas,
  t: number,
): SurvivalSlope {
  if (t <= 0 || 1 / (1 + t) === 0) return level;
  const front = frontOf(R, k, at, t);
  if (k <= MAX_SUM && floor(k) === k) return { byR: erlangSlope(R, k, t), front };
  const rise = gapSurvival(R + step, k, above, t) - gapSurvival(R - step, k, below, t);
  return { byR: rise / (2 * step), front };
}

/** The step is small beside R, and large beside what rounding leaves of a difference. */
export function nearbyBetas(R: number, k: number): NearbyBetas {
  const step = 1e-4 * R;
  return { step, below: lnBeta(R - step, k), at: lnBeta(R, k), above: lnBeta(R + step, k) };
}

const level: SurvivalSlope = { byR: 0, front: 0 };

/** w^R (1-w)^k / B(R, k), w = 1/(1+t). */
function frontOf(R: number, k: number, lnB: number, t: number): number {
  const lnRest = -log1p(t);
  return exp(R * lnRest + k * (log(t) + lnRest) - lnB);
}

const MAX_SUM = 20;

/** For integer k the incomplete beta is a sum of k positive terms. */
function erlangSurvival(R: number, k: number, t: number): number {
  const gone = t / (1 + t);
  let term = 1;
  let sum = 1;
  for (let j = 1; j < k; j++) {
    term *= ((R + j - 1) / j) * gone;
    sum += term;
  }
  return min(1, exp(-R * log1p(t)) * sum);
}

function erlangSlope(R: number, k: number, t: number): number {
  const gone = t / (1 + t);
  let [term, slope] = [1, 0];
  let [sum, slopes] = [1, 0];
  for (let j = 1; j < k; j++) {
    slope = (slope * (R + j - 1) + term) * (gone / j);
    term *= ((R + j - 1) / j) * gone;
    sum += term;
    slopes += slope;
  }
  const lnKept = log1p(t);
  return exp(-R * lnKept) * (slopes - lnKept * sum);
}
