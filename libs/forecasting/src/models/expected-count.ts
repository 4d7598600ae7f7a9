import { lnGamma } from '../special/special-functions.js';
import { gapCdf, gapDensity } from './gap-law.js';
import type { GapPosterior } from './gap-posterior.js';
import { gaussLegendre } from './gauss-legendre.js';

// Bound once: these run by the million, and a look-up of the global each time is slow in sandboxes such as test runners.
const { exp, log, log1p, max } = Math;

const MAX_TERMS = 5000;
const SMALL = 1e-9;

/**
 * Expected purchases within h right after a purchase: the n-th comes when n drop-outs have been survived and n gaps fit.
 * `dead` and `stay` are the two parameters of the drop-out's beta distribution as far as the customer is known.
 */
export function countAfterPurchase(
  { k, R, A, dead, stay }: { k: number; R: number; A: number; dead: number; stay: number },
  h: number,
): number {
  const terms = arrivals(k, R, h / A);
  let stayed = 1;
  let sum = 0;
  for (let n = 1; n <= MAX_TERMS; n++) {
    stayed *= (stay + n - 1) / (dead + stay + n - 1);
    const term = stayed * terms.next(n);
    sum += term;
    if (term <= SMALL * sum) break;
  }
  return sum;
}

interface Arrivals {
  /** P(n gaps fit); to be asked for n = 1, 2, 3 ... in turn. */
  next(n: number): number;
}

/**
 * P(n gaps fit) = I_z(nk, R), z = t/(1+t). Where a few steps of k make an integer, all follow from the first few by
 * I_z(p+1, R) = I_z(p, R) - z^p (1-z)^R / (p B(p, R)); other shapes are computed each by itself.
 */
function arrivals(k: number, R: number, t: number): Arrivals {
  const period = [1, 2, 4].find((m) => Number.isInteger(m * k));
  if (period === undefined) return { next: (n) => gapCdf(R, n * k, lnBetaOf(R, n * k), t) };
  const z = t / (1 + t);
  const lnZ = log(t) - log1p(t);
  const lnRest = -log1p(t);
  const steps = period * k;
  const value = new Float64Array(period);
  const drop = new Float64Array(period);
  const shape = new Float64Array(period);
  return {
    next(n) {
      const chain = n % period;
      if (n <= period) {
        const p = n * k;
        const lnB = lnBetaOf(R, p);
        shape[chain] = p;
        drop[chain] = exp(p * lnZ + R * lnRest - lnB) / p;
        return (value[chain] = gapCdf(R, p, lnB, t));
      }
      let p = shape[chain] ?? 0;
      let now = value[chain] ?? 0;
      let fall = drop[chain] ?? 0;
      for (let i = 0; i < steps; i++) {
        now -= fall;
        fall *= (z * (p + R)) / (p + 1);
        p += 1;
      }
      shape[chain] = p;
      drop[chain] = fall;
      return (value[chain] = max(0, now));
    },
  };
}

function lnBetaOf(R: number, p: number): number {
  return lnGamma(R) + lnGamma(p) - lnGamma(R + p);
}

/**
 * Expected purchases within h after a silence of u: the next purchase at g, and those that follow it. The part of the
 * first purchase is exact; that of the later ones is integrated, with the points crowded towards now, where they count.
 */
export function expectedCount(
  posterior: GapPosterior,
  { x, u, h }: { x: number; u: number; h: number },
  points: 8 | 16 | 32 = 16,
): number {
  const { a, b } = posterior.mixture;
  const now = posterior.survivalNow(u);
  const rest = now + posterior.dead;
  if (!(rest > 0)) return 0;
  let sum = now - posterior.survival(u + h);
  if (u === 0) sum = posterior.cdf(h);
  const rule = gaussLegendre(points);
  for (let i = 0; i < posterior.size; i++) {
    const k = posterior.k[i] ?? 0;
    const R = posterior.R[i] ?? 0;
    const A = posterior.A[i] ?? 0;
    const lnB = posterior.lnB[i] ?? 0;
    const omega = posterior.omega[i] ?? 0;
    if (omega < 1e-6) continue;
    let later = 0;
    for (const { at, weight } of rule) {
      const passed = h * at * at;
      const g = u + passed;
      const next = { k, R: R + k, A: A + g, dead: a, stay: b + x + 1 };
      const density = gapDensity(R, k, lnB, g / A) / A;
      later += weight * 2 * at * h * density * countAfterPurchase(next, h - passed);
    }
    sum += omega * later;
  }
  return max(0, sum / rest);
}
