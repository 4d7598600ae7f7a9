import type { ServiceName } from '@regulars/contracts';
import { sumOf } from '../../e2e/house/series.ts';
import { dutyCycle } from '../run/duty-cycle.ts';
import { proveRun } from '../run/prove-run.ts';
import { distributed } from '../run/scenes.ts';
import { acknowledged } from '../run/under-load.ts';

const SHARE = 0.2;
const LASTS_MS = 45_000;
let mostLag = 0;
const services: readonly ServiceName[] = ['prediction', 'campaigns', 'segmentation', 'metrics'];

proveRun('a service with a fifth of a processor falls behind visibly and catches up', {
  name: 'R20.distributed',
  open: distributed,
  load: { perSecond: 50 },
  expected: { uncertain: false },
  harm: async (run) => {
    const { house, journal, random } = run;
    await acknowledged(run, 100);
    const service = random.oneOf(services);
    const until = performance.now() + LASTS_MS;
    await dutyCycle(
      () => house.pid(service),
      SHARE,
      async () => {
        const lag = (await house.scrape()).filter(({ labels }) => labels['service'] === service);
        mostLag = Math.max(mostLag, sumOf(lag, 'regulars_consumer_lag_records'));
        return performance.now() > until;
      },
    );
    journal.fault(
      `${service} ran a fifth of the time, by SIGSTOP; its lag rose to ${String(mostLag)}`,
    );
  },
  also: () => Promise.resolve(mostLag > 0 ? [] : ['no lag was ever seen']),
});
