import { dutyCycle } from '../run/duty-cycle.ts';
import { proveRun } from '../run/prove-run.ts';
import { standalone } from '../run/scenes.ts';
import { acknowledged } from '../run/under-load.ts';

const SHARE = 0.2;
const LASTS_MS = 45_000;

proveRun('a standalone with a fifth of a processor answers late and loses nothing', {
  name: 'R20.standalone',
  open: standalone,
  load: { perSecond: 30 },
  expected: { uncertain: false, leastOperations: 150 },
  harm: async (run) => {
    const { house, journal } = run;
    await acknowledged(run, 50);
    const until = performance.now() + LASTS_MS;
    await dutyCycle(
      () => Promise.resolve(house.child().pid),
      SHARE,
      () => Promise.resolve(performance.now() > until),
    );
    journal.fault('the standalone ran a fifth of the time, by SIGSTOP');
    await acknowledged(run, 50);
  },
});
