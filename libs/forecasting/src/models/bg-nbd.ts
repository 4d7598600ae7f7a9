import { lnBeta, lnGamma, logAddExp, special } from '../special/special-functions.js';
import type { CustomerState } from './customer-state.js';

/** lambda ~ Gamma(r, rate alpha), drop-out probability after a repeat purchase ~ Beta(a, b). */
export interface BetaGeometricParameters {
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}

type State = Omit<CustomerState, 'litt'>;

/**
 * BG/NBD (Fader, Hardie and Lee, 2005): random purchases, drop-out after each repeat purchase. A one-time buyer stays
 * alive for ever, which is why it serves for comparison only.
 */
export const bgNbd = {
  logLikelihood({ r, alpha, a, b }: BetaGeometricParameters, { x, tx, T }: State): number {
    const silence = -(r + x) * Math.log(alpha + T);
    const dropped =
      x > 0 ? Math.log(a) - Math.log(b + x - 1) - (r + x) * Math.log(alpha + tx) : -Infinity;
    return (
      lnGamma(r + x) -
      lnGamma(r) +
      r * Math.log(alpha) +
      lnGamma(a + b) +
      lnGamma(b + x) -
      lnGamma(b) -
      lnGamma(a + b + x) +
      logAddExp(silence, dropped)
    );
  },

  probabilityAlive({ r, alpha, a, b }: BetaGeometricParameters, { x, tx, T }: State): number {
    if (x === 0) return 1;
    const odds =
      Math.log(a) - Math.log(b + x - 1) + (r + x) * (Math.log(alpha + T) - Math.log(alpha + tx));
    return 1 / (1 + Math.exp(odds));
  },

  purchaseProbability(p: BetaGeometricParameters, state: State, h: number): number {
    const { alpha, r } = p;
    const gone = (r + state.x) * (Math.log(alpha + state.T) - Math.log(alpha + state.T + h));
    return bgNbd.probabilityAlive(p, state) * -Math.expm1(gone);
  },

  /** Expected purchases in (T, T + h]. */
  expectedCount(p: BetaGeometricParameters, state: State, h: number): number {
    const { r, alpha } = p;
    const a = awayFromOne(p.a);
    const b = awayFromZero(a + p.b - 1) - a + 1;
    const z = h / (alpha + state.T + h);
    const bracket =
      1 - (1 - z) ** (a - 1) * special.hypergeometric(a - 1, a + b - 1 - r, a + b + state.x - 1, z);
    return ((a + b + state.x - 1) / (a - 1)) * bracket * bgNbd.probabilityAlive(p, state);
  },

  /** Expected repeat purchases of a new customer within t. */
  expectedRepeats(p: BetaGeometricParameters, t: number): number {
    const { r, alpha } = p;
    const a = awayFromOne(p.a);
    const b = awayFromZero(a + p.b - 1) - a + 1;
    const share = (alpha / (alpha + t)) ** r;
    const series = special.hypergeometric(r, b, a + b - 1, t / (alpha + t));
    return ((a + b - 1) / (a - 1)) * (1 - share * series);
  },

  /** P(X(t) = n) of a new customer. Products are formed in logarithms. */
  countProbability({ r, alpha, a, b }: BetaGeometricParameters, t: number, n: number): number {
    const still = r * Math.log(alpha / (alpha + t));
    const moved = Math.log(t / (alpha + t));
    const lnTerm = (j: number): number =>
      lnGamma(r + j) - lnGamma(r) - lnGamma(j + 1) + still + j * moved;
    const alive = Math.exp(lnBeta(a, b + n) - lnBeta(a, b) + lnTerm(n));
    if (n === 0) return alive;
    let fewer = 0;
    for (let j = 0; j < n; j++) fewer += Math.exp(lnTerm(j));
    return alive + Math.exp(lnBeta(a + 1, b + n - 1) - lnBeta(a, b)) * Math.max(0, 1 - fewer);
  },
};

/** a = 1 is a removable singularity of the expectations: a step of 1e-6 off it changes them in the seventh digit. */
export function awayFromOne(a: number): number {
  return Math.abs(a - 1) < 1e-6 ? 1 + 1e-6 : a;
}

function awayFromZero(c: number): number {
  return Math.abs(c) < 1e-6 ? 1e-6 : c;
}
