import { betaFraction } from '../special/beta-fraction.js';

// Bound once: these run by the million, and a look-up of the global each time is slow in sandboxes such as test runners.
const { exp, floor, log1p, max, min } = Math;

/** Up to here shapes that are whole numbers are summed term by term. */
const MAX_SUM = 20;
/** Where less than this has passed, one minus the survival has lost too many digits. */
const LITTLE_PASSED = 1e-3;

/**
 * Survival, distribution function and density of the next gap at one point (gap-law.ts has them one by one), for who asks
 * about many points: they share most of their work, and the object is used again so that none of it makes garbage.
 */
export class GapPoint {
  survival = 1;
  cdf = 0;
  /** Density of ln(gap). */
  slope = 0;

  /** At t = gap/A > 0. @param lnT its logarithm; @param lnB ln B(R, k) */
  at(R: number, k: number, lnB: number, t: number, lnT: number): void {
    const lnKept = -log1p(t);
    const kept = 1 / (1 + t);
    const gone = t * kept;
    if (kept === 0) {
      this.survival = 0;
      this.cdf = 1;
      this.slope = 0;
    } else if (k <= MAX_SUM && floor(k) === k) {
      this.sum(R, k, exp(R * lnKept), gone);
    } else {
      const front = exp(R * lnKept + k * (lnT + lnKept) - lnB);
      this.slope = front;
      if (kept < (R + 1) / (R + k + 2)) {
        this.survival = min(1, (front * betaFraction(kept, R, k)) / R);
        this.cdf = 1 - this.survival;
      } else {
        this.cdf = min(1, (front * betaFraction(gone, k, R)) / k);
        this.survival = 1 - this.cdf;
      }
    }
  }

  /** For integer k the incomplete beta is a sum of k positive terms, and the term after the last one gives the density. */
  private sum(R: number, k: number, kept: number, gone: number): void {
    let term = 1;
    let sum = 1;
    for (let j = 1; j < k; j++) {
      term *= ((R + j - 1) / j) * gone;
      sum += term;
    }
    const slope = kept * term * (R + k - 1) * gone;
    const survival = min(1, kept * sum);
    this.slope = slope;
    this.survival = survival;
    const passed = 1 - survival;
    this.cdf = passed > LITTLE_PASSED ? passed : max(0, (slope * betaFraction(gone, k, R)) / k);
  }
}
