import type { ServiceName } from '@regulars/contracts';
import { eventually } from '@regulars/testing';
import type { House } from '../../e2e/house/house.ts';
import { sumOf } from '../../e2e/house/series.ts';
import { proveRun } from '../run/prove-run.ts';
import { startReplica } from '../run/replica.ts';
import { distributed } from '../run/scenes.ts';
import { acknowledged } from '../run/under-load.ts';
import { PATIENCE_MS } from '../run/patience.ts';

/** It consumes, publishes, sends and fires timers. */
const service: ServiceName = 'campaigns';
const stops: (number | null)[] = [];

proveRun(
  'one service goes from one replica to three and back under load, and its leader moves twice',
  {
    name: 'scaling.distributed',
    open: distributed,
    load: { perSecond: 40 },
    expected: { uncertain: false },
    harm: async (run) => {
      const { house, journal } = run;
      await acknowledged(run, 100);
      const replicas = await Promise.all([
        startReplica(house, service),
        startReplica(house, service),
      ]);
      // Each of the three works: records, and timers where they come due.
      await eventually(
        async () => (await Promise.all(replicas.map((one) => one.consumed()))).every((n) => n > 0),
        { withinMs: PATIENCE_MS },
      );
      journal.fault('three replicas share the work');
      await house.kill9(service);
      await eventually(
        async () => {
          const leading = await Promise.all(
            replicas.map(async (one) => sumOf(await one.scrape(), 'regulars_relay_leader')),
          );
          if (leading.reduce((sum, is) => sum + is, 0) === 1) return true;
          // Started again sooner than a replica looked, it leads once more: so it is killed once more.
          if (await leadsAtHome(house)) await house.kill9(service);
          return false;
        },
        { withinMs: PATIENCE_MS },
      );
      journal.fault('killed the leader: another replica leads');
      await house.ready();
      await acknowledged(run, 100);
      const fired = await Promise.all(
        replicas.map(async (one) => sumOf(await one.scrape(), 'regulars_timers_fired_total')),
      );
      journal.fault(`the replicas fired ${fired.join(' and ')} timers`);
      for (const replica of replicas) stops.push(await replica.stop());
      journal.fault('one replica is left');
      await eventually(() => leadsAtHome(house), { withinMs: PATIENCE_MS });
      await acknowledged(run, 100);
    },
    also: () =>
      Promise.resolve(
        stops.filter((code) => code !== 0).map((code) => `a replica ended with ${String(code)}`),
      ),
  },
);

/** Whether it is the process of the house that leads, and not a replica. */
async function leadsAtHome(house: House): Promise<boolean> {
  const own = (await house.scrape()).filter(({ labels }) => labels['service'] === service);
  return sumOf(own, 'regulars_relay_leader') === 1;
}
