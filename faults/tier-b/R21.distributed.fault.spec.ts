import { setTimeout as pause } from 'node:timers/promises';
import { sql } from '@regulars/persistence';
import { Dice, eventually } from '@regulars/testing';
import { proveRun } from '../run/prove-run.ts';
import type { Underway } from '../run/fault-run.ts';
import {
  distributedOnOwnPostgres,
  type Dependencies,
  type OwnPostgresScene,
} from '../run/scenes.ts';
import { acknowledged } from '../run/under-load.ts';

/** Twenty as the fault matrix says. */
const ORDERS = Number(process.env['REGULARS_TEST_START_ORDERS'] ?? 20);
/** From the return of the last dependency. */
const FLOWS_WITHIN_MS = 60_000;
const LONGEST_PAUSE_MS = 2_000;
const slow: string[] = [];

proveRun('services that start in any order, before what they need, come to work by themselves', {
  name: 'R21.distributed',
  // The very first start too: no tables, no topics, nobody there to make them in.
  open: (ground) =>
    distributedOnOwnPostgres(ground, (needed) => bringBack(needed, new Dice(ground.random.seed))),
  load: { perSecond: 15 },
  harm: async (run) => {
    const { house, journal, random, scene } = run;
    for (let order = 1; order <= ORDERS; order += 1) {
      await Promise.all([scene.postgres.crash(), scene.kafka.kill9(0)]);
      // Each ends, and its supervisor starts it again: before what it needs, or between the two.
      const services = shuffled(house.processes, random);
      const early = random.below(services.length + 1);
      for (const service of services.slice(0, early)) await restarted(run, service);
      await bringBack(scene, random, async () => {
        for (const service of services.slice(early)) await restarted(run, service);
      });
      const tookMs = await flowsAgain(run);
      journal.fault(
        `order ${String(order)}: ${services.join(', ')}, ${String(early)} of them first; work flowed after ${String(tookMs)} ms`,
      );
      if (tookMs > FLOWS_WITHIN_MS)
        slow.push(`in order ${String(order)} work flowed after ${String(tookMs)} ms only`);
    }
  },
  also: () => Promise.resolve(slow),
});

async function restarted(
  { house, random }: Underway<OwnPostgresScene>,
  service: string,
): Promise<void> {
  await house.kill9(service);
  await pause(random.below(LONGEST_PAUSE_MS));
}

/** Either first, the other a while later. */
async function bringBack(
  { postgres, kafka }: Dependencies,
  random: Dice,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const two = shuffled([() => postgres.restart(), () => kafka.restart(0)], random);
  await pause(random.below(LONGEST_PAUSE_MS));
  await two[0]?.();
  await between();
  await pause(random.below(LONGEST_PAUSE_MS));
  await two[1]?.();
}

/** Milliseconds until all are ready, and what was asked for now has been taken in everywhere. */
async function flowsAgain(run: Underway<OwnPostgresScene>): Promise<number> {
  const { house } = run;
  const from = performance.now();
  await house.ready();
  const before = await newest(run);
  await acknowledged(run, 10);
  await eventually(
    async () => {
      const now = await newest(run);
      return ['ingestion', 'prediction', 'campaigns'].every(
        (service) => (now.get(service) ?? 0) > (before.get(service) ?? 0),
      );
    },
    { withinMs: 4 * FLOWS_WITHIN_MS },
  );
  return Math.round(performance.now() - from);
}

/** The last effect on record, by service. */
async function newest({ house }: Underway<OwnPostgresScene>): Promise<Map<string, number>> {
  const rows = await house.rows(
    sql`select consumer, max(id) as last from public.fault_seen where what = 'order' group by consumer`,
  );
  return new Map(rows.map(({ consumer, last }) => [String(consumer), Number(last)]));
}

function shuffled<T>(all: readonly T[], random: Dice): T[] {
  const left = [...all];
  return all.flatMap(() => left.splice(random.below(left.length), 1));
}
