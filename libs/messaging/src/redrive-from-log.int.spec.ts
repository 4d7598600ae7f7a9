import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from '@regulars/persistence';
import { dropSchema, testDatabase, testSchema, type TestDatabase } from '@regulars/testing';
import { BatchProcessor } from './batch-processor.js';
import type { RunHandler } from './consumer-settings.js';
import { deadLetterStore } from './dead-letter-store.js';
import type { EventLog, OutgoingRecord } from './event-log.js';
import { messagingMigrations } from './messaging.migration.js';
import { createPostgresLog } from './postgres-log/index.js';
import { redrive, type RedriveResult } from './redrive.js';

const topic = 'regulars.customer-profile.v1';
const golden = JSON.parse(
  readFileSync(
    new URL(
      '../../contracts/fixtures/customer-profile/CustomerProfileChanged.v1.json',
      import.meta.url,
    ),
    'utf8',
  ),
) as { headers: Record<string, string>; key: string; body: object };

/** Profiles are personal: of a dead one only the origin is kept, and a redrive reads the log again. */
describe('redrive of a profile', () => {
  let db: TestDatabase;
  let log: EventLog;
  let logSchema: string;
  let seen: string[];
  beforeEach(async () => {
    seen = [];
    db = await testDatabase({ service: 'campaigns', migrations: messagingMigrations });
    logSchema = testSchema();
    log = createPostgresLog({ databaseUrl: db.url, schema: logSchema });
    await log.ensureTopics([{ name: topic, partitions: 1, cleanup: 'compact' }]);
  });
  afterEach(async () => {
    await log.close();
    await db.drop();
    await dropSchema(logSchema);
  });

  function profile(sequence: number, change: Partial<OutgoingRecord> = {}): OutgoingRecord {
    const headers = { ...golden.headers, sequence: String(sequence) };
    return {
      topic,
      key: Buffer.from(golden.key),
      value: Buffer.from(JSON.stringify(golden.body)),
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)]),
      ),
      ...change,
    };
  }
  const tombstone = (sequence: number): OutgoingRecord => {
    const plain = profile(sequence, { value: null });
    return { ...plain, headers: { ...plain.headers, type: Buffer.from('Tombstone') } };
  };

  const handlers = (run: RunHandler) => new Map([['customer-profile' as const, run]]);
  const failing = handlers(() => Promise.reject(new TypeError('a bug')));
  const mended = handlers((events, tx) => {
    seen.push(...events.map(({ type, sequence }) => `${type} ${String(sequence)}`));
    tx.note('duplicate', 0);
    return Promise.resolve();
  });

  async function kill(record: OutgoingRecord): Promise<void> {
    const producer = await log.producer();
    await producer.send([record]);
    const processor = new BatchProcessor({
      group: 'campaigns',
      database: db,
      handlers: failing,
      observer: {
        passed: () => undefined,
        retrying: () => undefined,
        deadLettered: () => undefined,
        blocked: () => undefined,
      },
      settings: { conflictDelayMs: 1 },
      notify: () => Promise.resolve(),
    });
    const { records, nextOffset } = await log.read({ topic, partition: 0, offset: 0n });
    const owned = { isOwned: () => true, heartbeat: () => Promise.resolve() };
    await processor.process({ topic, partition: 0, records, nextOffset, ...owned });
  }

  async function again(from: EventLog | null = log): Promise<RedriveResult[]> {
    const dead = await deadLetterStore(db, 'campaigns').list('dead', 0, 10);
    const options = { group: 'campaigns', database: db, handlers: mended, log: from, by: 'one' };
    const results: RedriveResult[] = [];
    for (const { id } of dead) results.push(await redrive(id, options));
    return results;
  }

  const outcomes = async () =>
    db.query(sql`select outcome from consumer_counters where count > 0 order by outcome`);

  it('hands over the body that the log holds, and keeps none', async () => {
    await kill(profile(43));
    expect(await db.query(sql`select value from dead_letters`)).toEqual([{ value: null }]);

    expect(await again()).toMatchObject([{ result: 'redriven' }]);
    expect(seen).toEqual(['CustomerProfileChanged 43']);
    expect(await outcomes()).toEqual([{ outcome: 'applied' }]);
    expect(await db.query(sql`select value from dead_letters`)).toEqual([{ value: null }]);
  });

  it('takes a tombstone for one', async () => {
    await kill(tombstone(44));

    expect(await again()).toMatchObject([{ result: 'redriven' }]);
    expect(seen).toEqual(['Tombstone 44']);
  });

  it('is superseded where a newer one has taken its place', async () => {
    await kill(profile(43));
    const producer = await log.producer();
    await producer.send([tombstone(45)]);

    expect(await again()).toMatchObject([{ result: 'redriven' }]);
    expect(seen).toEqual([]);
    expect(await outcomes()).toEqual([{ outcome: 'superseded' }]);
  });

  it('fails and stays while the log cannot be read', async () => {
    await kill(profile(43));

    expect(await again(null)).toMatchObject([{ result: 'failed' }]);
    expect(seen).toEqual([]);
    expect(await again()).toMatchObject([{ result: 'redriven' }]);
  });
});
