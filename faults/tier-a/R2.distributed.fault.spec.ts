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
    await acknowledged(run, 60);
    // One after the other: while one sleeps, what it owned is taken over by its replica, the relay included.
    for (const replica of replicas) {
      const pid = await house.pid(replica.service);
      const before = await replica.consumed();
      process.kill(pid, 'SIGSTOP');
      const until = performance.now() + STOPPED_MS;
      try {
        await eventually(
          async () => {
            const tookOver = (await leads(replica)) && (await replica.consumed()) > before + 20;
            return tookOver && performance.now() > until;
          },
          { withinMs: PATIENCE_MS },
        );
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      journal.fault(
        `stopped ${replica.service} for 30 s and let it go on; its replica had taken over`,
      );
      await acknowledged(run, 60);
    }
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
