import type { GateVerdict } from '@regulars/forecasting';

/** What a judged fit means for what is in force. */
export type Adoption = 'use' | 'keep' | 'fall back to the prior';

/**
 * A fit that passes the gate is used. One that there is too little to judge is mostly prior still: it is used until a
 * proven one is there. One that fails is kept as a candidate only, and an unproven one that it shows to be no good goes.
 * @param inForce how the version in force was judged; undefined for the built-in prior
 */
export function adoptionOf(verdict: GateVerdict, inForce: GateVerdict | undefined): Adoption {
  if (verdict === 'pass') return 'use';
  if (inForce === 'pass') return 'keep';
  return verdict === 'fail' ? 'fall back to the prior' : 'use';
}
