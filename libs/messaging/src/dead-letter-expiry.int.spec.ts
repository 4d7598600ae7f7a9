import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { topics, type Stream } from '@regulars/contracts';
import { sql } from '@regulars/persistence';
import { testDatabase, type TestDatabase } from '@regulars/testing';
import type { RunHandler } from './consumer-settings.js';
import { consumerStore } from './consumer-store.js';
import { expireDeadLetters } from './dead-letter-expiry.js';
import { deadLetterStore } from './dead-letter-store.js';
import type { LogRecord } from './event-log.js';
import { messagingMigrations } from './messaging.migration.js';
import { passedBalances } from './passed-balance.js';

let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase({ service: 'campaigns', migrations: messagingMigrations });
});
afterEach(() => db.drop());

const group = 'campaigns';
const handle: RunHandler = () => Promise.resolve();
const handlers: ReadonlyMap<Stream, RunHandler> = new Map([
  ['purchase', handle],
  ['customer', Object.assign(() => Promise.resolve(), { parks: true })],
]);

/** A dead letter at an offset that failed so many days ago, counted as the batch that set it aside counts it. */
async function dead(stream: Stream, offset: number, days: number): Promise<void> {
  const record: LogRecord = {
    topic: topics[stream].name,
    partition: 0,
    offset: BigInt(offset),
    key: Buffer.from('anna'),
    value: Buffer.from('{}'),
    headers: {},
    timestamp: new Date(),
  };
  const failure = { reason: 'TypeError', errorText: '', attempts: 3, firstFailedAt: new Date() };
  await db.withTransaction(async (tx) => {
    const store = consumerStore(tx, group);
    const { positions } = await store.lockPositions(record.topic, [0]);
    await deadLetterStore(tx, group).add(record, failure, true);
    await store.advance(record.topic, [
      {
        partition: 0,
        from: positions.get(0) ?? 0n,
        next: record.offset + 1n,
        counts: new Map([['dead-lettered', 1]]),
        deadInRow: 1,
      },
    ]);
  });
  await db.query(sql`
    update dead_letters set last_failed_at = now() - make_interval(days => ${days}) where "offset" = ${offset}`);
}

const standing = async (): Promise<string[]> =>
  (
    await db.query<{ row: string }>(
      sql`select state || ' ' || "offset" as row from dead_letters order by id`,
    )
  ).map(({ row }) => row);

describe('the end of dead letters', () => {
  it('comes after 30 days without anybody, is counted, and leaves the sum whole', async () => {
    await dead('purchase', 0, 31);
    await dead('purchase', 1, 31);
    await dead('purchase', 2, 29);

    await expireDeadLetters({ group, database: db, handlers });
    await expireDeadLetters({ group, database: db, handlers });

    expect(await standing()).toEqual(['dead 2']);
    expect(await passedBalances(db, group)).toMatchObject([
      { whole: 3, parts: { 'dead-lettered': 1, expired: 2 }, gaps: [] },
    ]);
  });

  it('does not come for what holds up its key, however old', async () => {
    await dead('customer', 0, 400);
    await dead('customer', 1, 400);
    await db.query(sql`update dead_letters set state = 'parked' where "offset" = 1`);

    await expireDeadLetters({ group, database: db, handlers });

    expect(await standing()).toEqual(['dead 0', 'parked 1']);
  });

  it('counts a settled one only once, however it was settled', async () => {
    await dead('purchase', 0, 90);
    await dead('customer', 1, 90);
    await dead('purchase', 2, 90);
    const store = consumerStore(db, group);
    const at = { topic: topics.purchase.name, partition: 0 };
    await db.query(sql`
      update dead_letters set settled_at = now() - make_interval(days => case "offset" when 2 then 29 else 31 end),
             state = case "offset" when 0 then 'discarded' else 'redriven' end`);
    await store.count(
      at,
      new Map([
        ['dead-lettered', -2],
        ['discarded', 1],
        ['applied', 1],
      ]),
    );

    await expireDeadLetters({ group, database: db, handlers });

    expect(await standing()).toEqual(['redriven 2']);
    const balance = (await passedBalances(db, group)).find(({ of }) => of === at.topic);
    expect(balance?.parts).toMatchObject({
      discarded: 1,
      applied: 1,
      'dead-lettered': 0,
      expired: 0,
    });
  });
});
