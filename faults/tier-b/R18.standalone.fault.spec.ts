import { CUSTOMERS, overloaded } from '../run/overload.ts';
import { proveRun } from '../run/prove-run.ts';
import { standalone } from '../run/scenes.ts';

let wrong: string[] = [];

proveRun('three times the capacity is refused in part, and neither memory nor goodput suffers', {
  name: 'R18.standalone',
  open: standalone,
  load: { perSecond: 5, customers: CUSTOMERS },
  expected: { uncertain: false },
  harm: async (run) => {
    wrong = await overloaded(run, [run.house.child().pid]);
  },
  also: () => Promise.resolve(wrong),
});
