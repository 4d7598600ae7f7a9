import { createHistogram } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';

/** What the arrivals of one run met. */
export interface Latencies {
  /** In milliseconds: of this share of the arrivals at most so much. */
  at(share: number): number;
  readonly arrivals: number;
  /** Arrivals that the generator itself began too late. */
  readonly late: number;
  /** The whole histogram, as microseconds by percentile. */
  readonly histogram: Readonly<Record<string, number>>;
}

/** An arrival that began later than this shows the generator, not the house. */
const LATE_MS = 50;
const US_IN_MS = 1_000;

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
  const latencies = createHistogram();
  const running: Promise<void>[] = [];
  let late = 0;
  for (const [index, item] of items.entries()) {
    const dueAt = startedAt + (index / perSecond) * 1_000;
    while (performance.now() < dueAt) await pause(1);
    if (performance.now() - dueAt > LATE_MS) late += 1;
    running.push(
      work(item).then(() => {
        latencies.record(Math.max(1, Math.round((performance.now() - dueAt) * US_IN_MS)));
      }),
    );
  }
  await Promise.all(running);
  return {
    at: (share) => latencies.percentile(share * 100) / US_IN_MS,
    arrivals: items.length,
    late,
    histogram: Object.fromEntries(
      [...latencies.percentiles].map(([percentile, us]) => [String(percentile), us]),
    ),
  };
}
