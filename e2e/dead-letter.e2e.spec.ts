import { describe, jest } from '@jest/globals';
import { createPostgresLog } from '@regulars/messaging';
import { proveDeadLetters } from './house/dead-letters.ts';
import { embeddedUrl, startStandaloneHouse } from './house.ts';

jest.setTimeout(900_000);

describe('a poison event on the log in Postgres', () => {
  proveDeadLetters(async () => {
    const house = await startStandaloneHouse();
    return { house, log: createPostgresLog({ databaseUrl: await embeddedUrl(house.folder) }) };
  });
});
