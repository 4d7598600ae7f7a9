import { setTimeout as pause } from 'node:timers/promises';

export interface Latencies {
  /** In milliseconds: of this share of the arrivals at most so much. */
  at(share: number): number;
}

/** More arrivals than this begun too late make the run void: the generator was measured, not the house. */
const LATE_MS = 50;
const LATE_SHARE = 0.001;

/**
 * Arrivals at a fixed rate, whether answers return or not. A latency counts from when its arrival was due: what a
 * stall keeps from starting is part of the stall.
 */
export async function openModel<T>(
  items: readonly T[],
  perSecond: number,
  work: (item: T) => Promise<void>,
): Promise<Latencies> {
  const startedAt = performance.now();
  const latencies: number[] = [];
  const running: Promise<void>[] = [];
  let late = 0;
  for (const [index, item] of items.entries()) {
    const dueAt = startedAt + (index / perSecond) * 1_000;
    while (performance.now() < dueAt) await pause(1);
    if (performance.now() - dueAt > LATE_MS) late += 1;
    running.push(
      work(item).then(() => {
        latencies.push(performance.now() - dueAt);
      }),
    );
  }
  await Promise.all(running);
  if (late > items.length * LATE_SHARE)
    process.stdout.write(`  ${String(late)} of ${String(items.length)} arrivals came late: void\n`);
  latencies.sort((a, b) => a - b);
  return { at: (share) => latencies[Math.ceil(latencies.length * share) - 1] ?? Number.NaN };
}
