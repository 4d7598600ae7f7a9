import { setTimeout as pause } from 'node:timers/promises';
import { sql } from '@regulars/persistence';
import { postmaster, startStandaloneHouse } from '../../e2e/house/standalone-house.ts';
import type { LimitedTarget } from '../limits.ts';
import { treeUse } from '../lib/process-tree.ts';

const SETTLE_MS = 120_000;
const WATCH_MS = 300_000;
const SCRAPE_MS = 15_000;

/** What a small shop pays while nothing happens: two minutes after the start, for five minutes, scraped all the while. */
export const idle: LimitedTarget = {
  id: 'IDLE',
  measure: async (tell) => {
    const startedAt = performance.now();
    const house = await startStandaloneHouse();
    try {
      await house.ready();
      const readyAt = performance.now();
      await house.api.get('/v1/customers');
      const answeredAt = performance.now();
      tell(`  ready; looking on for ${String((SETTLE_MS + WATCH_MS) / 60_000)} minutes`);
      await pause(SETTLE_MS);

      const { pid } = await postmaster(house.folder);
      const node = house.child().pid;
      const look = async () => ({
        at: performance.now(),
        node: treeUse(node, pid),
        postgres: treeUse(pid),
        wal: Number(
          (
            await house.rows(
              sql`select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text as bytes`,
            )
          )[0]?.['bytes'],
        ),
      });
      const before = await look();
      while (performance.now() - before.at < WATCH_MS) {
        await house.scrape();
        await pause(SCRAPE_MS);
      }
      const after = await look();
      const seconds = (after.at - before.at) / 1_000;
      const share = (of: 'node' | 'postgres'): number =>
        (100 * (after[of].cpuSeconds - before[of].cpuSeconds)) / seconds;
      return [
        {
          what: 'standalone, cold start on an empty folder to ready',
          unit: 's',
          value: (readyAt - startedAt) / 1_000,
          limit: 10,
          stretch: 4,
        },
        {
          what: 'standalone, cold start to the first answer',
          unit: 's',
          value: (answeredAt - startedAt) / 1_000,
          limit: 15,
          stretch: 6,
        },
        {
          what: 'standalone idle, Node and Postgres together (PSS)',
          unit: 'MB',
          value: after.node.pssMb + after.postgres.pssMb,
          limit: 280,
          stretch: 200,
        },
        {
          what: 'CPU of the idle Node process',
          unit: '% of a core',
          value: share('node'),
          limit: 1,
          stretch: 0.3,
        },
        {
          what: 'CPU of the idle Postgres',
          unit: '% of a core',
          value: share('postgres'),
          limit: 1,
          stretch: 0.3,
        },
        {
          what: 'WAL written while idle',
          unit: 'kB/min',
          value: (after.wal - before.wal) / 1_024 / (seconds / 60),
          limit: 64,
          stretch: 16,
        },
      ];
    } finally {
      await house.stop();
    }
  },
};
