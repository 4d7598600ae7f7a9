import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { createPostgresLog } from '@regulars/messaging';
import { startPostgres, type TestPostgres } from '@regulars/testing';
import { expectStormWeathered, stormSeconds } from './judge-storm.ts';

describe('relay storm over the log in Postgres', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    // Of its own: its sessions are cut.
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  it(
    'loses nothing, keeps every customer in order and doubles no effect',
    async () => {
      const databaseUrl = postgres.url;
      await expectStormWeathered('postgres-log', {
        databaseUrl,
        log: 'postgres-log',
        openLog: () => createPostgresLog({ databaseUrl }),
      });
    },
    240_000 + stormSeconds() * 2_000,
  );
});
