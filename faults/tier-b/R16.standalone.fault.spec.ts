import { sql } from '@regulars/persistence';
import { proveRun } from '../run/prove-run.ts';
import { standalone } from '../run/scenes.ts';
import { acknowledged } from '../run/under-load.ts';

const ROUNDS = 3;
const exits: (number | null)[] = [];

proveRun('three orderly stops of a standalone cost nothing', {
  name: 'R16.standalone',
  open: standalone,
  load: { perSecond: 30 },
  harm: async (run) => {
    const { house, journal } = run;
    for (let round = 0; round < ROUNDS; round += 1) {
      await acknowledged(run, 80);
      const { code } = await house.child().stop();
      exits.push(code);
      journal.fault(`stopped with exit code ${String(code)}`);
      await house.start();
      await house.ready();
    }
  },
  also: async ({ house }) => {
    const unknown = await house.rows(
      sql`select count(*) from campaigns.touches where state = 'unknown'`,
    );
    const torn = Number(unknown[0]?.['count']);
    return [
      ...(torn === 0 ? [] : [`${String(torn)} sends were torn`]),
      ...exits.filter((code) => code !== 0).map((code) => `a stop ended with ${String(code)}`),
    ];
  },
});
