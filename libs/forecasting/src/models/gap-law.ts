import { betaFraction } from '../special/beta-fraction.js';

// Bound once: these run by the million, and a look-up of the global each time is slow in sandboxes such as test runners.
const { exp, log, log1p, max, min } = Math;

/**
 * The next gap of a customer, right after a purchase: gaps are Gamma(k, lambda), lambda ~ Gamma(R, rate A) as far as he
 * is known, so gap/A is beta-prime(k, R). All functions take t = gap/A and lnB = ln B(R, k), which callers keep.
 */

/** P(gap/A > t) = I_{1/(1+t)}(R, k). */
export function gapSurvival(R: number, k: number, lnB: number, t: number): number {
  if (t <= 0) return 1;
  const w = 1 / (1 + t);
  if (w === 0) return 0;
  if (k <= MAX_SUM && k % 1 === 0) return erlangSurvival(R, k, t);
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

/** w^R (1-w)^k / B(R, k), w = 1/(1+t). */
function frontOf(R: number, k: number, lnB: number, t: number): number {
  const lnRest = -log1p(t);
  return exp(R * lnRest + k * (log(t) + lnRest) - lnB);
}

const MAX_SUM = 40;

/** For integer k the incomplete beta is a sum of k positive terms. */
function erlangSurvival(R: number, k: number, t: number): number {
  const gone = t / (1 + t);
  let term = 1;
  let sum = 1;
  for (let j = 1; j < k; j++) {
    term *= ((R + j - 1) / j) * gone;
    sum += term;
  }
  return min(1, exp(-R * log1p(t) + log(sum)));
}
