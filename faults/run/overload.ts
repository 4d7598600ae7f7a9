import { eventually } from '@regulars/testing';
import { sumOf } from '../../e2e/house/series.ts';
import type { Scene, Underway } from './fault-run.ts';
import { during, Flood, tell } from './flood.ts';
import { peakRss } from './memory.ts';
import { aPurchase } from './operations.ts';
import { PATIENCE_MS } from './patience.ts';

const CALLERS = 64;
const WARM_MS = 15_000;
const STEADY_MS = 30_000;
const OVERLOAD_MS = 60_000;
const TIMES = 3;
const MOST_RSS = 1.3;
const LEAST_GOODPUT = 0.8;
const BACK_MS = 30_000;
/** The generator shares its cores with the house that it overloads: single arrivals are late, but the rate is kept. */
const LEAST_ARRIVALS = 0.98;
/** So many answers one after the other, none of them slower than at capacity: it is back. */
const GOOD_ANSWERS = 20;
export const CUSTOMERS = 1_000;

/**
 * Measures what the house can do, then sends three times as much for a minute, at a fixed rate. Answers what does not hold
 * of G9: memory bounded, goodput kept, back soon, refusals counted.
 */
export async function overloaded<S extends Scene>(
  run: Underway<S>,
  pids: readonly number[],
): Promise<string[]> {
  const { house, journal, random } = run;
  const flood = new Flood(house.api, journal, (index) =>
    aPurchase(1_000_000 + index, { customers: CUSTOMERS, ofToday: 0 }, random),
  );
  try {
    await flood.connect();
    await flood.closed(CALLERS, during(WARM_MS));
    const steady = await peakRss(pids, () => flood.closed(CALLERS, during(STEADY_MS)));
    tell('capacity', steady.result);
    const before = await refusalsOf(run);
    const over = await peakRss(pids, () =>
      flood.open(TIMES * steady.result.goodput, during(OVERLOAD_MS)),
    );
    tell('overload', over.result);
    journal.fault(`sent ${String(TIMES)} times the capacity for a minute`);
    const backMs = await backAfter(flood, steady.result.p99Ms);
    const counted = (await refusalsOf(run)) - before;
    const memory = over.peakMb.map((mb, index) => [steady.peakMb[index] ?? 0, mb] as const);
    const grown = memory.map(([from, to]) => `from ${from.toFixed(0)} to ${to.toFixed(0)} MB`);
    process.stderr.write(
      `memory ${grown.join(', ')}; back after ${(backMs / 1_000).toFixed(1)} s; ${String(counted)} refusals counted\n`,
    );

    const { goodput, refused, arrivals, unclear } = over.result;
    const planned = (TIMES * steady.result.goodput * OVERLOAD_MS) / 1_000;
    const findings: [boolean, string][] = [
      [refused > 0, 'nothing was refused: it was no overload'],
      [
        arrivals >= LEAST_ARRIVALS * planned,
        `only ${String(arrivals)} of ${planned.toFixed(0)} arrivals came`,
      ],
      [unclear === 0, `${String(unclear)} were answered neither way`],
      [counted >= refused, `${String(counted)} of ${String(refused)} refusals were counted`],
      [
        goodput >= LEAST_GOODPUT * steady.result.goodput,
        `${goodput.toFixed(0)} per second came through`,
      ],
      [memory.every(([from, to]) => to <= MOST_RSS * from), `memory grew ${grown.join(', ')}`],
      [backMs <= BACK_MS, `it was back after ${(backMs / 1_000).toFixed(0)} s only`],
    ];
    return findings.flatMap(([holds, finding]) => (holds ? [] : [finding]));
  } finally {
    flood.close();
  }
}

/** Milliseconds until callers one after the other are all answered, and as fast as at capacity. */
async function backAfter(flood: Flood, p99Ms: number): Promise<number> {
  const startedAt = performance.now();
  let good = 0;
  let since = startedAt;
  await eventually(
    async () => {
      const one = await flood.closed(1, () => false);
      if (one.acknowledged === 0 || one.p99Ms > p99Ms) good = 0;
      else if (++good === 1) since = performance.now();
      return good >= GOOD_ANSWERS;
    },
    { withinMs: PATIENCE_MS },
  );
  return since - startedAt;
}

async function refusalsOf<S extends Scene>({ house }: Underway<S>): Promise<number> {
  const refusals = (await house.scrape()).filter(({ labels }) => labels['reason'] === 'overloaded');
  return sumOf(refusals, 'regulars_http_refusals_total');
}
