import { lnBeta, lnGamma, logAddExp, special } from '../special/special-functions.js';
import { awayFromOne, type BetaGeometricParameters } from './bg-nbd.js';
import type { CustomerState } from './customer-state.js';

type State = Omit<CustomerState, 'litt'>;

/** MBG/NBD (Batislam, Denizel and Filiztekin, 2007): as BG/NBD, with drop-out possible after the first purchase too. */
export const mbgNbd = {
  logLikelihood(p: BetaGeometricParameters, { x, tx, T }: State): number {
    const { r, alpha, a, b } = p;
    return (
      lnGamma(r + x) -
      lnGamma(r) +
      r * Math.log(alpha) +
      lnBeta(a, b + x + 1) -
      lnBeta(a, b) -
      (r + x) * Math.log(alpha + T) +
      logAddExp(0, lnOddsOfHavingLeft(p, { x, tx, T }))
    );
  },

  probabilityAlive(p: BetaGeometricParameters, state: State): number {
    return 1 / (1 + Math.exp(lnOddsOfHavingLeft(p, state)));
  },

  purchaseProbability(p: BetaGeometricParameters, state: State, h: number): number {
    const { alpha, r } = p;
    const gone = (r + state.x) * (Math.log(alpha + state.T) - Math.log(alpha + state.T + h));
    return mbgNbd.probabilityAlive(p, state) * -Math.expm1(gone);
  },

  /** Expected purchases in (T, T + h]. */
  expectedCount(p: BetaGeometricParameters, state: State, h: number): number {
    const { r, alpha, b } = p;
    const a = awayFromOne(p.a);
    const z = h / (alpha + state.T + h);
    const bracket =
      1 - (1 - z) ** (a - 1) * special.hypergeometric(a - 1, a + b - r, a + b + state.x, z);
    return ((a + b + state.x) / (a - 1)) * bracket * mbgNbd.probabilityAlive(p, state);
  },

  /** Expected repeat purchases of a new customer within t. */
  expectedRepeats(p: BetaGeometricParameters, t: number): number {
    const { r, alpha, b } = p;
    const a = awayFromOne(p.a);
    const share = (alpha / (alpha + t)) ** r;
    return (b / (a - 1)) * (1 - share * special.hypergeometric(r, b + 1, a + b, t / (alpha + t)));
  },
};

function lnOddsOfHavingLeft(
  { r, alpha, a, b }: BetaGeometricParameters,
  { x, tx, T }: State,
): number {
  return Math.log(a / (b + x)) + (r + x) * (Math.log(alpha + T) - Math.log(alpha + tx));
}
