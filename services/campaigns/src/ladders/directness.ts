import type { Directness } from '@regulars/contracts';

const order: readonly Directness[] = ['presence', 'reminder', 'direct-offer'];

/** How direct, as a number that rises. */
export function directnessRank(directness: Directness): number {
  return order.indexOf(directness);
}
