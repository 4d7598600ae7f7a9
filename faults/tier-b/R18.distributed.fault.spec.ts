import { CUSTOMERS, overloaded } from '../run/overload.ts';
import { proveRun } from '../run/prove-run.ts';
import { distributed } from '../run/scenes.ts';

let wrong: string[] = [];

proveRun('three times the capacity is refused in part, and neither memory nor goodput suffers', {
  name: 'R18.distributed',
  open: distributed,
  load: { perSecond: 5, customers: CUSTOMERS },
  expected: { uncertain: false },
  harm: async (run) => {
    const pids = [await run.house.pid('ingestion'), run.house.gatewayPid];
    wrong = await overloaded(run, pids);
  },
  also: () => Promise.resolve(wrong),
});
