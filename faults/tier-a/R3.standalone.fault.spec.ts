import { sql } from '@regulars/persistence';
import { eventually } from '@regulars/testing';
import { isAlive } from '../../e2e/house/alive.ts';
import { postmaster } from '../../e2e/house/standalone-house.ts';
import { clearAgain } from '../run/answers.ts';
import { proveRun } from '../run/prove-run.ts';
import { standalone } from '../run/scenes.ts';
import { PATIENCE_MS } from '../run/patience.ts';
import { acknowledged } from '../run/under-load.ts';

let mendedAt = 0;

proveRun('Postgres crashes as a whole and by one backend; the pool recovers by itself', {
  name: 'R3.standalone',
  open: standalone,
  load: { perSecond: 60 },
  harm: async (run) => {
    const { house, journal, random } = run;
    await acknowledged(run, 200);
    const { pid } = await postmaster(house.folder);
    process.kill(pid, 'SIGQUIT');
    await eventually(() => !isAlive(pid), { withinMs: PATIENCE_MS });
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
