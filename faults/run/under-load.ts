import { eventually } from '@regulars/testing';
import type { Scene, Underway } from './fault-run.ts';
import { PATIENCE_MS } from './patience.ts';

/** Lets the load run until so many more operations were acknowledged. */
export async function acknowledged<S extends Scene>(
  { clients }: Underway<S>,
  more: number,
  withinMs = PATIENCE_MS,
): Promise<void> {
  const from = total(clients.acknowledged);
  await eventually(() => total(clients.acknowledged) >= from + more, { withinMs });
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
