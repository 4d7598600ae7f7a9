import { lnGamma, logAddExp, special } from '../special/special-functions.js';
import type { CustomerState } from './customer-state.js';

// Bound once: these run by the million, and a look-up of the global each time is slow in sandboxes such as test runners.
const { abs, exp, expm1, log, log1p, max } = Math;

/** lambda ~ Gamma(r, rate alpha), death rate ~ Gamma(s, rate beta). */
export interface ParetoParameters {
  readonly r: number;
  readonly alpha: number;
  readonly s: number;
  readonly beta: number;
}

type State = Omit<CustomerState, 'litt'>;

/** Pareto/NBD (Schmittlein, Morrison and Colombo, 1987): random purchases, exponential lifetime. A reference only. */
export const paretoNbd = {
  logLikelihood({ r, alpha, s, beta }: ParetoParameters, { x, tx, T }: State): number {
    const w = r + s + x;
    const high = max(alpha, beta);
    const apart = abs(alpha - beta);
    const common =
      lnGamma(r + x) - lnGamma(r) + r * log(alpha) + s * log(beta) - w * log(high + tx);
    const left = log(s / w) + lnSeries(w, alpha >= beta ? s + 1 : r + x, apart / (high + tx));
    const alive =
      log((r + x) / w) +
      lnSeries(w, alpha >= beta ? s : r + x + 1, apart / (high + T)) -
      w * (log(high + T) - log(high + tx));
    return common + logAddExp(left, alive);
  },

  probabilityAlive(p: ParetoParameters, state: State): number {
    const { r, alpha, s, beta } = p;
    const { x, tx, T } = state;
    if (T === tx) return 1;
    const odds =
      log(s / (r + s + x)) + (r + x) * log(alpha + T) + s * log(beta + T) + lnA0(p, state);
    return 1 / (1 + exp(odds));
  },

  /** Expected purchases in (T, T + h]. */
  expectedCount(p: ParetoParameters, state: State, h: number): number {
    const { r, alpha, beta } = p;
    const s = abs(p.s - 1) < 1e-6 ? 1 + 1e-6 : p.s;
    const { x, T } = state;
    const decay = -expm1((s - 1) * (log(beta + T) - log(beta + T + h)));
    return (
      (((r + x) * (beta + T)) / ((alpha + T) * (s - 1))) *
      decay *
      paretoNbd.probabilityAlive(p, state)
    );
  },

  /** Expected repeat purchases of a new customer within t. */
  expectedRepeats({ r, alpha, s: fitted, beta }: ParetoParameters, t: number): number {
    const s = abs(fitted - 1) < 1e-6 ? 1 + 1e-6 : fitted;
    const decay = -expm1((s - 1) * (log(beta) - log(beta + t)));
    return ((r * beta) / (alpha * (s - 1))) * decay;
  },
};

/** ln A0 in the form without the underflow of A0 itself, which frequent buyers run into. */
export function lnA0({ r, alpha, s, beta }: ParetoParameters, { x, tx, T }: State): number {
  const w = r + s + x;
  const high = max(alpha, beta);
  const apart = abs(alpha - beta);
  const c = alpha >= beta ? s + 1 : r + x;
  const first = lnSeries(w, c, apart / (high + tx));
  const second = lnSeries(w, c, apart / (high + T)) + w * (log(high + tx) - log(high + T));
  return -w * log(high + tx) + first + log(-expm1(second - first));
}

/**
 * ln 2F1(w, c; w + 1; z). Euler's transformation takes the part that overflows for frequent buyers out of the series;
 * what is left has small, positive terms.
 */
function lnSeries(w: number, c: number, z: number): number {
  if (z === 0) return 0;
  const series = special.hypergeometric(1, w + 1 - c, w + 1, z);
  return (1 - c) * log1p(-z) + log(series);
}
