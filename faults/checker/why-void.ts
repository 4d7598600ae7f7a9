import type { History } from './history.ts';

/** Why a run proves nothing, whatever it shows; empty when it counts. */
export function whyVoid({ operations, faults, expected }: History): string[] {
  const reasons: string[] = [];
  if (operations.length < expected.leastOperations) {
    reasons.push(
      `${String(operations.length)} operations ran, ${String(expected.leastOperations)} are needed`,
    );
  }
  if (faults.length === 0) reasons.push('no fault happened');
  if (expected.uncertain && !operations.some(({ end }) => end === 'info')) {
    reasons.push('no operation was left without a clear answer, so the fault hit nothing');
  }
  return reasons;
}
