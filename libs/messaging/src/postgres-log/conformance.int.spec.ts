import { startPostgres } from '@regulars/testing';
import { describeLogConformance } from '@regulars/testing/conformance';
import { createPostgresLog } from './postgres-log.js';

describeLogConformance('Postgres', createPostgresLog({ databaseUrl: '' }).features, async () => {
  // Of its own: it is killed.
  const postgres = await startPostgres();
  const databaseUrl = postgres.url;
  return {
    // How long Postgres keeps the lock of a group whose member is silent.
    sessionMs: 10_000,
    child: { adapter: 'postgres-log', databaseUrl },
    createLog: (closeGraceMs = 2_000) => createPostgresLog({ databaseUrl, closeGraceMs }),
    takeAway: () => postgres.crash(),
    bringBack: () => postgres.restart(),
    end: () => postgres.stop(),
  };
});
