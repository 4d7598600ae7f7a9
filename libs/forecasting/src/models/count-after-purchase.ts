import { lnGamma } from '../special/special-functions.js';
import { gapCdf } from './gap-law.js';

// Bound once: these run by the million, and a look-up of the global each time is slow in sandboxes such as test runners.
const { exp, log, log1p, max } = Math;

const MAX_TERMS = 5000;
const SMALL = 1e-9;
const LN_LEAST_STEP = -600;

/**
 * A customer right after a purchase, in units of A. `dead` and `stay` are the two parameters of the drop-out's beta
 * distribution as far as he is known.
 */
export interface PurchaseState {
  readonly k: number;
  readonly R: number;
  readonly dead: number;
  readonly stay: number;
}

/** Expected purchases within t = h/A: the n-th comes when n drop-outs have been survived and n gaps fit. */
export function countAfterPurchase({ k, R, dead, stay }: PurchaseState, t: number): number {
  const terms = arrivals(k, R, t);
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
  const z = t / (1 + t);
  const lnZ = log(t) - log1p(t);
  const lnRest = -log1p(t);
  // Where a gap is a small part of the horizon, the first step is too small for a double, and so would be all others.
  if (period === undefined || k * lnZ + R * lnRest - lnBetaOf(R, k) < LN_LEAST_STEP) {
    return { next: (n) => gapCdf(R, n * k, lnBetaOf(R, n * k), t) };
  }
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
