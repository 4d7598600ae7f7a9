import type { GateVerdict } from '@regulars/forecasting';

/**
 * Whether a judged fit is put in force. One that passes the gate is. One that there is too little to judge is mostly
 * prior still: it is used until a proven one is there. One that fails is kept as a candidate only.
 * @param inForce how the version in force was judged; undefined for the built-in prior
 */
export function isUsed(verdict: GateVerdict, inForce: GateVerdict | undefined): boolean {
  return verdict === 'pass' || (verdict === 'not enough data' && inForce !== 'pass');
}
