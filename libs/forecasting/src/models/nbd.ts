import { lnGamma } from '../special/special-functions.js';
import type { CustomerState } from './customer-state.js';

export interface NbdParameters {
  readonly r: number;
  readonly alpha: number;
}

/** Random purchases without drop-out: a floor to compare with. */
export const nbd = {
  logLikelihood({ r, alpha }: NbdParameters, { x, T }: Pick<CustomerState, 'x' | 'T'>): number {
    return lnGamma(r + x) - lnGamma(r) + r * Math.log(alpha) - (r + x) * Math.log(alpha + T);
  },

  expectedCount({ r, alpha }: NbdParameters, { x, T }: Pick<CustomerState, 'x' | 'T'>, h: number) {
    return ((r + x) / (alpha + T)) * h;
  },
};
