import type { StandaloneHouse } from '../../e2e/house/standalone-house.ts';
import { openSums, sumsOf } from '../../e2e/house/reconcile.ts';
import { proveRun } from '../run/prove-run.ts';
import type { Scene, Underway } from '../run/fault-run.ts';
import { derivedState, differences, forgetAndRewind } from '../run/rebuild.ts';
import { standalone } from '../run/scenes.ts';
import { acknowledged } from '../run/under-load.ts';

proveRun('what is derived from nothing, and read again from the beginning, is what it was', {
  name: 'R17.standalone',
  open: standalone,
  load: { perSecond: 40 },
  harm: async (run) => {
    for (let round = 0; round < 2; round += 1) {
      await acknowledged(run, 200);
      await rebuilt(run);
      run.journal.fault('rebuilt prediction and metrics from nothing, rewound the others');
    }
    await acknowledged(run, 200);
  },
  also: async (run) => {
    const { house, journal } = run;
    const live = await derivedState(house);
    const sent = journal.arrivals.length;
    await rebuilt(run);
    const again = await derivedState(house);
    const more = journal.arrivals.length - sent;
    return [
      ...differences(live, again),
      ...(live.size > 100 ? [] : [`only ${String(live.size)} things were compared`]),
      ...(more === 0 ? [] : [`the rebuild sent ${String(more)} messages`]),
      ...openSums(await sumsOf(house)).map(
        (sum) => `gap after the rebuild: ${JSON.stringify(sum)}`,
      ),
    ];
  },
});

async function rebuilt({ house }: Underway<Scene<StandaloneHouse>>): Promise<void> {
  // Postgres stays, as after a crash: the tables can be reached while nobody works on them.
  house.child().signal('SIGKILL');
  await house.child().ended;
  await forgetAndRewind(house);
  await house.start();
  await house.ready();
}
