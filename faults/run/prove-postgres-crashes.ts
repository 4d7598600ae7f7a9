import { sql } from '@regulars/persistence';
import { eventually } from '@regulars/testing';
import { isAlive } from '../../e2e/house/alive.ts';
import { clearAgain } from './answers.ts';
import type { RunOptions, Scene } from './fault-run.ts';
import { PATIENCE_MS } from './patience.ts';
import { proveRun } from './prove-run.ts';
import { acknowledged } from './under-load.ts';

/** R3. `crash` takes Postgres away at once, as `pg_ctl -m immediate` does, and sees to it that it comes back. */
export function provePostgresCrashes<S extends Scene>(
  name: string,
  open: RunOptions<S>['open'],
  crash: (scene: S) => Promise<void>,
): void {
  let mendedAt = 0;
  proveRun('Postgres crashes as a whole and by one backend; the pool recovers by itself', {
    name,
    open,
    load: { perSecond: 60 },
    harm: async (run) => {
      const { house, scene, journal, random } = run;
      await acknowledged(run, 200);
      await crash(scene);
      journal.fault('stopped Postgres at once, as pg_ctl -m immediate does');
      await house.ready();

      await acknowledged(run, 200);
      const backends = await house.rows(
        sql`select pid from pg_stat_activity where application_name like 'regulars-%' and pid <> pg_backend_pid()
          order by backend_start`,
      );
      process.kill(Number(random.oneOf(backends)['pid']), 'SIGKILL');
      // Acknowledged before that, an operation would say nothing of the pool after it.
      await eventually(() => backends.every((one) => !isAlive(Number(one['pid']))), {
        withinMs: PATIENCE_MS,
      });
      journal.fault('killed one backend: Postgres restarts them all');
      await acknowledged(run, 50);
      await house.ready();
      mendedAt = journal.now();
      await acknowledged(run, 300);
    },
    also: ({ journal }) => Promise.resolve(clearAgain(journal, mendedAt, 10_000)),
  });
}
