import { sql } from '@regulars/persistence';
import { eventually } from '@regulars/testing';
import { isAlive } from '../../e2e/house/alive.ts';
import { proveRun } from '../run/prove-run.ts';
import { distributed } from '../run/scenes.ts';
import { acknowledged } from '../run/under-load.ts';

const ROUNDS = 3;
/** The default grace, and a little for a busy machine. */
const GRACE_MS = 30_000;

proveRun('three rounds of orderly stops of every service cost nothing', {
  name: 'R16.distributed',
  open: distributed,
  load: { perSecond: 30 },
  expected: { uncertain: false },
  harm: async (run) => {
    const { house, journal } = run;
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const service of house.processes) {
        await acknowledged(run, 30);
        const pid = await house.pid(service);
        process.kill(pid, 'SIGTERM');
        await eventually(() => !isAlive(pid), { withinMs: GRACE_MS });
        journal.fault(`stopped ${service}`);
        await house.ready();
      }
    }
  },
  also: async ({ house }) => {
    // A send that a stop had torn would be unknown; an exit by the grace's end would not be clean.
    const unknown = await house.rows(
      sql`select count(*) from campaigns.touches where state = 'unknown'`,
    );
    const torn = Number(unknown[0]?.['count']);
    const dirty = [...house.output().matchAll(/^(\w+) ended \((?!code 0\))[^)]*\)/gm)].map(
      ([line]) => line,
    );
    return [...(torn === 0 ? [] : [`${String(torn)} sends were torn`]), ...dirty];
  },
});
