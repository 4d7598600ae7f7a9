import { digamma, lnBeta, lnGamma } from '../special/special-functions.js';
import type { ObjectiveWithGradient } from '../optimise/objective.js';
import { byFrequency } from './by-frequency.js';
import type { FitRows } from './fit-rows.js';

// Bound once: these run by the million, and a look-up of the global each time is slow in sandboxes such as test runners.
const { exp, log, log1p } = Math;

/**
 * Minus the mean log-likelihood of BG/NBD or MBG/NBD with its gradient, over (ln r, ln alpha, ln a, ln b).
 * @param after drop-outs that a customer with x repeats could have had beside those of the repeats: MBG 1, BG 0
 */
export function betaGeometricObjective(rows: FitRows, after: 0 | 1): ObjectiveWithGradient {
  return (point, into) => {
    const [r = 1, alpha = 1, a = 1, b = 1] = point.map(exp);
    const lnRates = byFrequency(rows, (x) => lnGamma(r + x));
    const rateSlopes = byFrequency(rows, (x) => digamma(r + x));
    const lnStays = byFrequency(rows, (x) => lnBeta(a, b + x + after));
    const stays = byFrequency(rows, (x) => digamma(b + x + after));
    const all = byFrequency(rows, (x) => digamma(a + b + x + after));
    const lnAlpha = log(alpha);
    const [lnR, psiR, lnB, psiAB, psiB] = [
      lnGamma(r),
      digamma(r),
      lnBeta(a, b),
      digamma(a + b),
      digamma(b),
    ];
    const sums = [0, 0, 0, 0];
    let total = 0;
    for (let i = 0; i < rows.size; i++) {
      const weight = rows.weight[i] ?? 0;
      const x = rows.x[i] ?? 0;
      const now = alpha + (rows.T[i] ?? 0);
      const last = alpha + (rows.tx[i] ?? 0);
      const lnNow = log(now);
      const lnRho = lnNow - log(last);
      const canLeave = after === 1 || x > 0;
      const stay = b + x - 1 + after;
      const lnQ = canLeave ? log(a / stay) + (r + x) * lnRho : -Infinity;
      const w = canLeave ? 1 / (1 + exp(-lnQ)) : 0;
      total +=
        weight *
        ((lnRates[x] ?? 0) -
          lnR +
          r * lnAlpha +
          (lnStays[x] ?? 0) -
          lnB -
          (r + x) * lnNow +
          (lnQ > 0 ? lnQ + log1p(exp(-lnQ)) : log1p(exp(lnQ))));
      const dr = (rateSlopes[x] ?? 0) - psiR + lnAlpha - lnNow + w * lnRho;
      const dalpha = r / alpha - (r + x) / now + w * (r + x) * (1 / now - 1 / last);
      const da = psiAB - (all[x] ?? 0) + w / a;
      const db = (stays[x] ?? 0) - psiB + psiAB - (all[x] ?? 0) - (canLeave ? w / stay : 0);
      sums[0] = (sums[0] ?? 0) + weight * dr;
      sums[1] = (sums[1] ?? 0) + weight * dalpha;
      sums[2] = (sums[2] ?? 0) + weight * da;
      sums[3] = (sums[3] ?? 0) + weight * db;
    }
    sums.forEach((sum, j) => (into[j] = (-sum * exp(point[j] ?? 0)) / rows.customers));
    return -total / rows.customers;
  };
}
