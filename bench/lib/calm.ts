import { setTimeout as pause } from 'node:timers/promises';
import { metricsText } from '@regulars/observability';
import type { RunningService } from '@regulars/service';
import { parseSeries, sumOf, type Series } from '../../e2e/house/series.ts';

const PATIENCE_MS = 300_000;
const LOOK_MS = 50;
/** Nothing is worked off for so long: what one service has done has reached the others, and timers were looked for. */
const CALM_MS = 1_500;

/**
 * Waits until nothing is worked off any more. Answers the moment of `performance.now()` at which that was first seen.
 * What is worked off is counted: whether a service is busy would be no sign, for it looks for work when there is none.
 */
export async function calm(services: readonly RunningService[]): Promise<number> {
  const registries = services.map(({ metrics }) => metrics);
  return calmOf(async () => parseSeries(await metricsText(registries)));
}

/** The same of services that are read from outside. */
export async function calmOf(scrape: () => Promise<readonly Series[]>): Promise<number> {
  const end = performance.now() + PATIENCE_MS;
  let done = workedOff(await scrape());
  let since = performance.now();
  while (performance.now() - since < CALM_MS) {
    await pause(LOOK_MS);
    const now = workedOff(await scrape());
    if (now !== done) since = performance.now();
    done = now;
    if (since > end) throw new Error('It did not come to rest in five minutes.');
  }
  return since;
}

function workedOff(series: readonly Series[]): number {
  return sumOf(
    series,
    'regulars_consumer_records_total',
    'regulars_timers_fired_total',
    'regulars_outbox_published_total',
  );
}
