import { lnGamma } from '../special/special-functions.js';

/** Spend per purchase ~ Gamma(shape p), its rate ~ Gamma(shape q, scale v). q > 1, or the population has no mean. */
export interface GammaGammaParameters {
  readonly p: number;
  readonly q: number;
  readonly v: number;
}

/** Gamma-Gamma (Fader and Hardie): `x` repeat purchase days with positive spend, `m` their mean. */
export const gammaGamma = {
  /** Only for x > 0. */
  logLikelihood({ p, q, v }: GammaGammaParameters, x: number, m: number): number {
    return (
      lnGamma(p * x + q) -
      lnGamma(p * x) -
      lnGamma(q) +
      q * Math.log(v) +
      (p * x - 1) * Math.log(m) +
      p * x * Math.log(x) -
      (p * x + q) * Math.log(x * m + v)
    );
  },

  /** The population's mean, drawn towards the customer's own by what he has shown. */
  expectedSpend({ p, q, v }: GammaGammaParameters, x: number, m: number): number {
    const population = (v * p) / (q - 1);
    if (x === 0) return population;
    const own = (p * x) / (p * x + q - 1);
    return own * m + (1 - own) * population;
  },
};
