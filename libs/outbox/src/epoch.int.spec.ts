import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database, sql } from '@regulars/persistence';
import { eventually, startPostgres, type TestPostgres } from '@regulars/testing';
import { followTimeline, markRestored, raiseEpoch, restoredAt, settleRestored } from './epoch.js';
import { outboxMigrations } from './outbox.migration.js';

describe('epoch', () => {
  let postgres: TestPostgres;
  let db: Database;
  let raised = 0;
  beforeAll(async () => {
    postgres = await startPostgres();
    db = await Database.connect({
      url: postgres.url,
      schema: 'ingestion',
      service: 'ingestion',
      migrations: outboxMigrations,
      onConnect: async (query) => {
        if (raised > 0 && (await followTimeline(query))) raised += 1;
      },
    });
    await db.migrate();
  });
  afterAll(async () => {
    await db.close();
    await postgres.stop();
  });

  const stored = async () =>
    (await db.query<{ epoch: number }>(sql`select epoch from outbox_epoch`))[0]?.epoch;

  it('rises with every start, at least to the seconds of the database clock', async () => {
    const first = await raiseEpoch(db);
    const second = await raiseEpoch(db);

    expect(Math.abs(first - Date.now() / 1_000)).toBeLessThan(600);
    expect(second).toBeGreaterThan(first);
    await db.query(sql`update outbox_epoch set epoch = 99999999999`);
    expect(await raiseEpoch(db)).toBe(100000000000);
    expect(await restoredAt(db)).toBeUndefined();
  });

  it('rises before anything is written over a connection to another timeline', async () => {
    const before = await raiseEpoch(db);
    raised = 1;
    await postgres.crash();
    await postgres.restart();
    await eventually(async () => expect(await stored()).toBe(before));
    expect(raised).toBe(1);

    await postgres.changeTimeline();
    await eventually(async () => expect(await stored()).toBe(before + 1));
    expect(raised).toBe(2);
    expect(await restoredAt(db)).toBeInstanceOf(Date);
    await Promise.all(Array.from({ length: 8 }, stored));
    expect(await stored()).toBe(before + 1);
  });

  it('remembers a restore until it is made up for, over further starts', async () => {
    await markRestored(db);
    const since = await restoredAt(db);
    await raiseEpoch(db);
    await markRestored(db);
    expect(await restoredAt(db)).toEqual(since);

    await settleRestored(db);
    expect(await restoredAt(db)).toBeUndefined();
    await raiseEpoch(db);
    expect(await restoredAt(db)).toBeUndefined();
  });

  it('takes a start on another timeline for one after a restore', async () => {
    raised = 0;
    await raiseEpoch(db);
    await settleRestored(db);
    await postgres.changeTimeline();
    await eventually(() => raiseEpoch(db));

    expect(await restoredAt(db)).toBeInstanceOf(Date);
  });
});
