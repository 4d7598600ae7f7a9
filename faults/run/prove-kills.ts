import { eventually } from '@regulars/testing';
import { allCounted } from './all-counted.ts';
import { mailsMatch } from './mails-match.ts';
import type { RunOptions, Scene } from './fault-run.ts';
import { proveRun } from './prove-run.ts';
import { randomKills } from './random-kills.ts';
import { PATIENCE_MS } from './patience.ts';

/** Twenty as the fault matrix says; ten show the same where somebody waits, as for a change that is to land. */
const KILLS = Number(process.env['REGULARS_TEST_KILLS'] ?? 20);
const PURCHASES = 2_000;

/** R1: 2,000 purchases of 300 customers, each asked for until it is answered, and kills meanwhile. */
export function proveKills<S extends Scene>(name: string, scene: RunOptions<S>['open']): void {
  let open: readonly string[] = [];
  proveRun(`${String(KILLS)} kills lose, double and reorder nothing`, {
    name,
    open: scene,
    load: { customers: 300, perSecond: 80, givesUp: 0 },
    expected: { leastOperations: PURCHASES },
    harm: async (run) => {
      open = await randomKills(run, KILLS);
      await eventually(() => run.clients.acknowledged.purchase >= PURCHASES, {
        withinMs: PATIENCE_MS,
      });
    },
    also: async (run) => [...open, ...(await allCounted(run)), ...(await mailsMatch(run))],
  });
}
