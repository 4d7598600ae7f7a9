import type { ServiceName } from '@regulars/contracts';
import { sql } from '@regulars/persistence';
import { eventually } from '@regulars/testing';
import type { House } from '../../e2e/house/house.ts';
import { proveRun } from '../run/prove-run.ts';
import { startReplica, type Replica } from '../run/replica.ts';
import { distributed } from '../run/scenes.ts';

const LASTS_MS = 120_000;
const EVERY_MS = 5_000;
const services: readonly ServiceName[] = ['prediction', 'campaigns'];
/** Of a session of 6 s; a member that is killed holds its partitions for so long. */
const PROGRESS_WITHIN_MS = 10_000;
const stalls: string[] = [];

proveRun('members of a group come and go every five seconds, in order and by SIGKILL', {
  name: 'R13.distributed',
  open: distributed,
  load: { perSecond: 30 },
  expected: { uncertain: false },
  harm: async ({ house, journal, random }) => {
    const until = performance.now() + LASTS_MS;
    const guests: Replica[] = [];
    const watching = watchProgress(house, until);
    while (performance.now() < until) {
      const next = performance.now() + EVERY_MS;
      if (guests.length < 3) {
        const service = random.oneOf(services);
        guests.push(await startReplica(house, service));
        journal.fault(`a member of ${service} joined`);
      } else {
        const [guest] = guests.splice(random.below(guests.length), 1);
        const killed = random.roll() < 0.5;
        await (killed ? guest?.kill9() : guest?.stop());
        journal.fault(`a member of ${guest?.service ?? ''} ${killed ? 'was killed' : 'left'}`);
      }
      await eventually(() => performance.now() >= next, { withinMs: EVERY_MS + 1_000 });
    }
    await watching;
    for (const guest of guests) await guest.stop();
  },
  also: () => Promise.resolve(stalls),
});

/** That each service wrote an effect in every ten seconds. */
async function watchProgress(house: House, until: number): Promise<void> {
  const last = new Map<string, { count: number; at: number }>();
  while (performance.now() < until) {
    const rows = await house.rows(
      sql`select consumer, count(*) from public.fault_seen where what = 'order' and consumer <> 'ingestion' group by consumer`,
    );
    const now = performance.now();
    for (const row of rows) {
      const consumer = String(row['consumer']);
      const count = Number(row['count']);
      const before = last.get(consumer);
      if (before?.count === count) {
        if (now - before.at > PROGRESS_WITHIN_MS) {
          stalls.push(`${consumer} made no progress for ${String(Math.round(now - before.at))} ms`);
          before.at = now;
        }
      } else last.set(consumer, { count, at: now });
    }
    const next = now + 500;
    await eventually(() => performance.now() >= next, { withinMs: 2_000 });
  }
}
