import type { ServiceName } from '@regulars/contracts';
import { eventually } from '@regulars/testing';
import { sumOf } from '../../e2e/house/series.ts';
import { proveRun } from '../run/prove-run.ts';
import { startReplica, type Replica } from '../run/replica.ts';
import { distributed } from '../run/scenes.ts';
import { acknowledged } from '../run/under-load.ts';
import { PATIENCE_MS } from '../run/patience.ts';

const STOPPED_MS = 30_000;
const victims: readonly ServiceName[] = ['campaigns', 'prediction'];
const stops: (number | null)[] = [];

proveRun('who slept past his session wakes, and neither sends, writes nor publishes', {
  name: 'R2.distributed',
  open: distributed,
  load: { perSecond: 30 },
  expected: { uncertain: false },
  harm: async (run) => {
    const { house, journal } = run;
    const replicas = await Promise.all(victims.map((service) => startReplica(house, service)));
    await acknowledged(run, 150);
    // Both at once: while they sleep, what they owned is taken over by their replicas, the relays included.
    const sleepers = await Promise.all(
      replicas.map(async (replica) => ({
        replica,
        pid: await house.pid(replica.service),
        before: await replica.consumed(),
      })),
    );
    const until = performance.now() + STOPPED_MS;
    for (const { pid } of sleepers) process.kill(pid, 'SIGSTOP');
    try {
      for (const { replica, before } of sleepers)
        await eventually(
          async () => (await leads(replica)) && (await replica.consumed()) > before + 20,
          { withinMs: PATIENCE_MS },
        );
      await eventually(() => performance.now() > until, { withinMs: PATIENCE_MS });
    } finally {
      for (const { pid } of sleepers) process.kill(pid, 'SIGCONT');
    }
    for (const { service } of replicas)
      journal.fault(`stopped ${service} for 30 s and let it go on; its replica had taken over`);
    await acknowledged(run, 150);
    await house.ready();
    stops.push(...(await Promise.all(replicas.map((replica) => replica.stop()))));
  },
  also: () =>
    Promise.resolve(
      stops.filter((code) => code !== 0).map((code) => `a replica ended with ${String(code)}`),
    ),
});

async function leads(replica: Replica): Promise<boolean> {
  return sumOf(await replica.scrape(), 'regulars_relay_leader') === 1;
}
