import type { PurchaseHistory } from '../history.js';
import { lnGamma } from '../special/ln-gamma.js';
import type { GapParameters } from './parameters.js';

/** Shapes that a customer's gaps may have: 1 = random (exponential), 18 = clockwork. */
const NODES = [0.5, 0.75, 1, 1.5, 2, 3, 4.5, 7, 11, 18];

export interface Regularity {
  readonly pRegular: number;
  readonly pNoCycle: number;
}

/**
 * Posterior of the gaps' gamma shape k over ten nodes: mass above 3 (steady) and on nodes up to 1 (no cycle). Needs
 * (x, t_x, sum of ln gaps) and the population's pace; which engine gives the dates does not matter.
 * Source: mixture over k of the MBG family, prior weights Gamma(2, 1) between the nodes' geometric midpoints.
 */
export function regularityOf(history: PurchaseHistory, prior: GapParameters): Regularity {
  const x = history.purchaseCount - 1;
  const span = history.lastDay - history.firstDay;
  const { r, alpha } = paceOf(prior);

  const logs = NODES.map((k, index) => {
    const shape = r + k * x;
    const scale = alpha / k;
    return (
      Math.log(WEIGHTS[index] ?? 0) +
      (k - 1) * history.sumLnGap -
      x * lnGamma(k) +
      lnGamma(shape) -
      lnGamma(r) +
      r * Math.log(scale) -
      shape * Math.log(scale + span)
    );
  });
  const top = Math.max(...logs);
  const masses = logs.map((log) => Math.exp(log - top));
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  const share = (keep: (k: number) => boolean): number =>
    masses.reduce((sum, mass, i) => sum + (keep(NODES[i] ?? 0) ? mass : 0), 0) / total;
  return { pRegular: share((k) => k > 3), pNoCycle: share((k) => k <= 1) };
}

/** Rate of gaps over the population, lambda ~ Gamma(r, alpha) for k = 1, matched to mean and variance of ln(gap). */
function paceOf(prior: GapParameters): { r: number; alpha: number } {
  const v = prior.betweenVariance;
  // trigamma(r) = v, by trigamma(r) ~ 1/r + 1/(2 r^2); then psi(r) by its series.
  const r = (1 + Math.sqrt(1 + 2 * v)) / (2 * v);
  const psi = Math.log(r) - 1 / (2 * r) - 1 / (12 * r * r);
  // E ln(gap) = ln(mean gap) + psi(k) - ln k, which at a middling k = 2 is 0.27 below.
  return { r, alpha: Math.exp(prior.meanLnGap + 0.27 + psi) };
}

/** Mass of Gamma(2, 1) between the geometric midpoints of neighbouring nodes. */
const WEIGHTS = NODES.map((k, index) => {
  const next = NODES[index + 1];
  const previous = NODES[index - 1];
  const upper = next === undefined ? 1 : gamma21Cdf(Math.sqrt(k * next));
  const lower = previous === undefined ? 0 : gamma21Cdf(Math.sqrt(k * previous));
  return upper - lower;
});

function gamma21Cdf(x: number): number {
  return 1 - (1 + x) * Math.exp(-x);
}
