import { lnBeta, special } from '../special/special-functions.js';
import type { CustomerState } from './customer-state.js';
import type { MbgKParameters } from './gap-mixture.js';
import { GapPosterior } from './gap-posterior.js';
import type { GapMixture } from './gap-mixture.js';

/** ln of the likelihood of one customer's whole history. */
export function logLikelihood(mixture: GapMixture, state: CustomerState): number {
  const posterior = new GapPosterior(mixture);
  posterior.load(state);
  const { a, b } = mixture;
  return (
    posterior.lnEvidence +
    lnBeta(a, b + state.x + 1) -
    lnBeta(a, b) +
    Math.log(posterior.survival(state.T - state.tx) + posterior.dead)
  );
}

/**
 * The gap that is survived with probability s, in closed form: what {@link GapPosterior.inverse} finds for a mixture by
 * search. Each half uses the tail that is small, so that no digits are lost.
 */
export function inverseSurvival(
  { k, r, alpha }: MbgKParameters,
  x: number,
  tx: number,
  s: number,
): number {
  const R = r + k * x;
  const A = alpha + tx;
  if (s <= 0.5) {
    const w = special.inverseIncompleteBeta(s, R, k);
    return (A * (1 - w)) / w;
  }
  const y = special.inverseIncompleteBeta(1 - s, k, R);
  return (A * y) / (1 - y);
}
