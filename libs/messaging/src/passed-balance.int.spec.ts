import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { encodeBody, topics, type NewEvent, type Stream } from '@regulars/contracts';
import { gapOf, newId } from '@regulars/kernel';
import { sql, type Sql } from '@regulars/persistence';
import { testDatabase, type TestDatabase } from '@regulars/testing';
import { BatchProcessor } from './batch-processor.js';
import type { RunHandler } from './consumer-settings.js';
import type { LogRecord } from './event-log.js';
import { messagingMigrations } from './messaging.migration.js';
import { passedBalances } from './passed-balance.js';
import { discard } from './redrive.js';

const partition = 3;
let db: TestDatabase;

beforeEach(async () => {
  db = await testDatabase({ service: 'prediction', migrations: messagingMigrations });
  // Of ten products the first three are new, two are duplicates, two are poison; the rest is a gap and new ones.
  await process('product', [0, 1, 2, 3, 4, 5, 6, 20, 21, 22]);
});
afterEach(() => db.drop());

const handlers: ReadonlyMap<Stream, RunHandler> = new Map([
  [
    'product',
    (events, tx) => {
      const numbers = events.map(({ sequence }) => sequence - 1);
      if (numbers.some((number) => number === 5 || number === 6)) throw new TypeError('poison');
      tx.note('duplicate', numbers.filter((number) => number === 3 || number === 4).length);
      return Promise.resolve();
    },
  ],
]);

async function process(stream: Stream, offsets: readonly number[]): Promise<void> {
  const records = offsets.map((offset) => recordAt(stream, offset));
  await new BatchProcessor({
    group: 'prediction',
    database: db,
    handlers,
    observer: {
      passed: () => undefined,
      retrying: () => undefined,
      deadLettered: () => undefined,
      blocked: () => undefined,
    },
    settings: { conflictDelayMs: 1 },
    notify: () => Promise.resolve(),
  }).process({
    topic: topics[stream].name,
    partition,
    records,
    nextOffset: BigInt((offsets.at(-1) ?? 0) + 1),
    isOwned: () => true,
    heartbeat: () => Promise.resolve(),
  });
}

function recordAt(stream: Stream, offset: number): LogRecord {
  const at = new Date('2026-03-29T00:00:00Z');
  const id = newId();
  const event: NewEvent<'product'> = {
    stream: 'product',
    type: 'ProductChanged',
    key: `p${String(offset)}`,
    occurredAt: at,
    data: { productId: `p${String(offset)}`, titles: {}, goesWith: [] },
  };
  const headers = {
    type: stream === 'product' ? event.type : 'Unheard',
    version: '1',
    id,
    epoch: '1',
    sequence: String(offset + 1),
  };
  return {
    topic: topics[stream].name,
    partition,
    offset: BigInt(offset),
    key: Buffer.from(event.key),
    value: Buffer.from(encodeBody(event, at, 'ingestion', id)),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)]),
    ),
    timestamp: at,
  };
}

const balances = () => passedBalances(db, 'prediction');

describe('the sum of offsets passed', () => {
  it('balances, with offsets that hold nothing told apart', async () => {
    expect(await balances()).toEqual([
      {
        sum: 'passed',
        of: topics.product.name,
        whole: 23,
        parts: {
          applied: 6,
          duplicate: 2,
          superseded: 0,
          'not-consumed': 0,
          'dead-lettered': 2,
          parked: 0,
          discarded: 0,
          expired: 0,
          'no-record': 13,
        },
        gaps: [],
      },
    ]);
  });

  it('follows a dead letter that is discarded', async () => {
    const [{ id } = { id: 0 }] = await db.query<{ id: number }>(sql`select id from dead_letters`);
    await discard(id, { group: 'prediction', database: db, handlers, log: null, by: 'ana' });

    const [balance] = await balances();
    expect(balance).toMatchObject({ parts: { 'dead-lettered': 1, discarded: 1 }, gaps: [] });
  });

  it.each<[string, Sql, number]>([
    [
      'a counter that was moved',
      sql`update consumer_counters set count = count - 1 where outcome = 'applied'`,
      1,
    ],
    ['a counter that is gone', sql`delete from consumer_counters where outcome = 'duplicate'`, 2],
    [
      'a position without its counters',
      sql`update consumer_positions set next_offset = next_offset + 4`,
      4,
    ],
    ['counters without their position', sql`delete from consumer_positions`, 23],
    [
      'a dead letter that is gone',
      sql`delete from dead_letters where id = (select min(id) from dead_letters)`,
      1,
    ],
    [
      'what is one too many here and lacks there',
      sql`insert into consumer_counters (consumer, topic, partition, outcome, count)
          values ('prediction', ${topics.product.name}, 4, 'applied', 1),
                 ('prediction', ${topics.product.name}, 5, 'applied', -1)`,
      2,
    ],
  ])('shows %s', async (_, change, records) => {
    await db.query(change);

    const [balance] = await balances();
    expect(balance && gapOf(balance)).toBe(records);
    expect(balance?.gaps[0]?.finding).toMatch(/^partition \d/);
  });

  it('takes an offset without a record for a gap on a topic that keeps everything', async () => {
    await process('purchase', [0, 1, 3]);

    const balance = (await balances()).find(({ of }) => of === topics.purchase.name);
    expect(balance).toMatchObject({ whole: 4, parts: { 'dead-lettered': 3, 'no-record': 1 } });
    expect(balance && gapOf(balance)).toBe(1);
  });
});
