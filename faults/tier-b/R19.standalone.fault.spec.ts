import { crowded, CUSTOMERS } from '../run/crowd.ts';
import { proveRun } from '../run/prove-run.ts';
import { standalone } from '../run/scenes.ts';

const HISTORY = 2_000;
let wrong: string[] = [];

proveRun('neither a history import nor a customer with twenty times the events slows the others', {
  name: 'R19.standalone',
  open: standalone,
  load: { perSecond: 5, customers: CUSTOMERS + 1 },
  expected: { uncertain: false },
  harm: async (run) => {
    wrong = await crowded(run, HISTORY);
  },
  also: () => Promise.resolve(wrong),
});
