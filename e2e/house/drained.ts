import { eventually } from '@regulars/testing';
import type { House } from './house.ts';
import { sumOf, type Series } from './series.ts';

const whatWaits = new Set([
  'regulars_outbox_unsent_rows',
  'regulars_consumer_lag_records',
  'regulars_timers_due',
  'regulars_ingest_waiting',
]);

/** For what hangs: a machine that others keep busy drains ten times slower. */
export const DRAINED_WITHIN_MS = 400_000;

interface Look {
  readonly takenAt: number;
  /** When the services themselves last looked; the oldest of them. */
  readonly refreshedAt: number;
  readonly waiting: number;
  readonly where: string;
  /** Rises with everything that is worked off. */
  readonly done: number;
}

/**
 * Waits until nothing is unsent, unread or due, seen twice with nothing worked off in between: the services are read
 * one after the other, and what one look misses has moved on by the next.
 */
export async function drained(
  { scrape, output }: Pick<House, 'scrape' | 'output'>,
  withinMs: number,
): Promise<void> {
  const since = Date.now() / 1_000;
  let before: Look | undefined;
  await eventually(
    async () => {
      const look = lookAt(await scrape());
      if (look.waiting > 0) {
        before = undefined;
        throw new Error(`these wait: ${look.where}`);
      }
      if (before && look.done === before.done && look.refreshedAt > before.takenAt) return true;
      if (look.refreshedAt > since && look.done !== before?.done) before = look;
      return false;
    },
    { withinMs },
  ).catch((cause: unknown) => {
    throw new Error(`${String(cause)}\nThe house said:\n${output()}`, { cause });
  });
}

function lookAt(series: readonly Series[]): Look {
  const refreshed = series
    .filter(({ name }) => name === 'regulars_pipeline_refreshed_timestamp_seconds')
    .map(({ value }) => value);
  const waiting = series.filter(({ name, value }) => value > 0 && whatWaits.has(name));
  return {
    takenAt: Date.now() / 1_000,
    refreshedAt: refreshed.length === 5 ? Math.min(...refreshed) : 0,
    waiting: waiting.reduce((sum, { value }) => sum + value, 0),
    where: waiting
      .map(
        ({ name, labels, value }) => `${name} ${Object.values(labels).join(' ')}: ${String(value)}`,
      )
      .join(', '),
    done: sumOf(series, 'regulars_consumer_records_total', 'regulars_timers_fired_total'),
  };
}
