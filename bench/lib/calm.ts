import { setTimeout as pause } from 'node:timers/promises';
import { metricsText } from '@regulars/observability';
import type { RunningService } from '@regulars/service';
import { parseSeries, sumOf } from '../../e2e/house/series.ts';

const PATIENCE_MS = 300_000;
const LOOK_MS = 50;
/** Nothing is worked off for so long: what one service has done has reached the others. Longer than a poll. */
const CALM_MS = 1_500;

/**
 * Waits until nothing is worked off any more. Answers the moment of `performance.now()` at which that was first seen.
 * What is worked off is counted: whether a service is busy would be no sign, for it looks for work when there is none.
 */
export async function calm(services: readonly RunningService[]): Promise<number> {
  const end = performance.now() + PATIENCE_MS;
  let done = await workedOff(services);
  let since = performance.now();
  while (performance.now() - since < CALM_MS) {
    await pause(LOOK_MS);
    const now = await workedOff(services);
    if (now !== done) since = performance.now();
    done = now;
    if (since > end) throw new Error('It did not come to rest in five minutes.');
  }
  return since;
}

async function workedOff(services: readonly RunningService[]): Promise<number> {
  const text = await metricsText(services.map(({ metrics }) => metrics));
  return sumOf(
    parseSeries(text),
    'regulars_consumer_records_total',
    'regulars_timers_fired_total',
    'regulars_outbox_published_total',
  );
}
