import { compiled, hyp2f1 as gaussHypergeometric, igam, incbet, incbi, lgam, psi } from 'cephes';

// Bound once: these run by the million, and a look-up of the global each time is slow in sandboxes such as test runners.
const { abs, exp, log1p, max } = Math;

// WebAssembly: the functions are there once it is compiled, which is before anybody can import this module.
await compiled;

/** The special functions that the formulas need; one place, so that another library can take over. */
export interface SpecialFunctions {
  /** ln of the gamma function, x > 0. */
  readonly lnGamma: (x: number) => number;
  /** Derivative of {@link lnGamma}. */
  readonly digamma: (x: number) => number;
  /** I_w(p, q): distribution function of Beta(p, q) at w in [0, 1]. */
  readonly incompleteBeta: (w: number, p: number, q: number) => number;
  /** The w with incompleteBeta(w, p, q) = y. */
  readonly inverseIncompleteBeta: (y: number, p: number, q: number) => number;
  /** P(p, x): distribution function of Gamma(shape p, rate 1) at x. */
  readonly incompleteGamma: (p: number, x: number) => number;
  /** Gauss' 2F1(a, b; c; z) for z in [0, 1). */
  readonly hypergeometric: (a: number, b: number, c: number, z: number) => number;
}

/** Cephes 3.3 (Moshier), compiled to WebAssembly; about 1e-13 from the reference. */
export const special: SpecialFunctions = {
  lnGamma: lgam,
  digamma: psi,
  incompleteBeta: (w, p, q) => (w <= 0 ? 0 : w >= 1 ? 1 : incbet(p, q, w)),
  inverseIncompleteBeta: (y, p, q) => (y <= 0 ? 0 : y >= 1 ? 1 : incbi(p, q, y)),
  incompleteGamma: gammaDistribution,
  hypergeometric: gaussHypergeometric,
};

/** Far out on either side cephes reports an underflow where the limit is meant. */
function gammaDistribution(p: number, x: number): number {
  if (x <= 0) return 0;
  const lnFront = p * Math.log(x) - x - lgam(p);
  if (lnFront < -700) return x > p ? 1 : 0;
  return igam(p, x);
}

export const { lnGamma, digamma } = special;

export function lnBeta(p: number, q: number): number {
  return lnGamma(p) + lnGamma(q) - lnGamma(p + q);
}

/** ln(e^p + e^q) without overflow. */
export function logAddExp(p: number, q: number): number {
  const high = max(p, q);
  return high === -Infinity ? high : high + log1p(exp(-abs(p - q)));
}
