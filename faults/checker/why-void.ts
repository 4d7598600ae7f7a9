import type { History } from './history.ts';

/** Why a run proves nothing, whatever it shows; empty when it counts. */
export function whyVoid({ operations, faults, expected }: History): string[] {
  const reasons: string[] = [];
  const asked = new Set(operations.map(({ key }) => key)).size;
  if (asked < expected.leastOperations) {
    reasons.push(`${String(asked)} operations ran, ${String(expected.leastOperations)} are needed`);
  }
  if (faults.length === 0) reasons.push('no fault happened');
  if (expected.uncertain && !operations.some(({ end }) => end === 'info')) {
    reasons.push('no operation was left without a clear answer, so the fault hit nothing');
  }
  return reasons;
}
