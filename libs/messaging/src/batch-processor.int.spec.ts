import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Consumed, Stream } from '@regulars/contracts';
import { newId } from '@regulars/kernel';
import { sql, type Transaction } from '@regulars/persistence';
import { eventually, testDatabase, type TestDatabase } from '@regulars/testing';
import type { BatchTransaction, Outcome } from './batch-handler.js';
import { BatchProcessor } from './batch-processor.js';
import type { BatchProcessorOptions, ConsumerObserver } from './consumer-settings.js';
import { consumerStore } from './consumer-store.js';
import { deadLetterStore } from './dead-letter-store.js';
import { LogUnavailable } from './errors.js';
import type { LogRecord, RecordBatch } from './event-log.js';
import { messagingEntities } from './messaging.entity.js';
import { messagingMigrations } from './messaging.migration.js';
import { redrive } from './redrive.js';

const topic = 'regulars.product.v1';
let db: TestDatabase;
let notices: string[];
let retries: string[];
let blockedBy: (string | undefined)[];
const observer: ConsumerObserver = {
  passed: () => undefined,
  retrying: (_, kind) => retries.push(kind),
  deadLettered: () => undefined,
  blocked: (reason) => {
    blockedBy.push(reason);
  },
};

beforeEach(async () => {
  db = await testDatabase({
    service: 'prediction',
    entities: messagingEntities,
    migrations: messagingMigrations,
  });
  await db.query(sql`create table effects (product text not null)`);
  notices = [];
  retries = [];
  blockedBy = [];
});
afterEach(() => db.drop());

function product(offset: number, change: Partial<LogRecord> = {}): LogRecord {
  const productId = `p${String(offset)}`;
  const at = '2026-03-29T00:00:00Z';
  const body = {
    key: productId,
    occurredAt: at,
    recordedAt: at,
    correlationId: newId(),
    source: 'ingestion',
    data: { productId, titles: {}, goesWith: [] },
  };
  const headers = {
    type: 'ProductChanged',
    version: '1',
    id: newId(),
    epoch: '1',
    sequence: String(offset + 1),
  };
  return {
    topic,
    partition: 3,
    offset: BigInt(offset),
    key: Buffer.from(productId),
    value: Buffer.from(JSON.stringify(body)),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)]),
    ),
    timestamp: new Date(at),
    ...change,
  };
}

function batchOf(records: readonly LogRecord[], isOwned = () => true): RecordBatch {
  const nextOffset = (records.at(-1)?.offset ?? -1n) + 1n;
  return { topic, partition: 3, records, nextOffset, isOwned, heartbeat: () => Promise.resolve() };
}

type Handle = (ids: readonly string[], tx: BatchTransaction) => Promise<void>;

const store: Handle = async (ids, tx) => {
  await tx.query(sql`insert into effects select unnest(${ids}::text[])`);
};

function handlersOf(
  handle: Handle,
): ReadonlyMap<Stream, (e: readonly Consumed<Stream>[], tx: BatchTransaction) => Promise<void>> {
  return new Map([
    [
      'product',
      (events, tx) =>
        handle(
          events.map(({ key }) => key),
          tx,
        ),
    ],
  ]);
}

function processor(
  handle: Handle,
  notify?: (tx: Transaction) => Promise<void>,
  handlers: BatchProcessorOptions['handlers'] = handlersOf(handle),
): BatchProcessor {
  return new BatchProcessor({
    group: 'prediction',
    database: db,
    handlers,
    observer,
    settings: { conflictDelayMs: 1, maxUnavailableDelayMs: 5 },
    notify: async (tx, record, reason) => {
      notices.push(`${String(record.offset)} ${reason}`);
      await notify?.(tx);
    },
  });
}

async function effects(): Promise<string[]> {
  const rows = await db.query<{ product: string }>(sql`select product from effects`);
  return rows.map((row) => row.product);
}

async function counts(): Promise<Partial<Record<Outcome, number>>> {
  const rows = await db.query<{ outcome: Outcome; count: number }>(
    sql`select outcome, count from consumer_counters where count <> 0`,
  );
  return Object.fromEntries(rows.map((row) => [row.outcome, row.count]));
}

const position = async (): Promise<bigint | undefined> =>
  (await consumerStore(db, 'prediction').positions([topic]))[0]?.offset;

describe('BatchProcessor', () => {
  it('passes a stretch without records: its end is stored', async () => {
    const empty = { ...batchOf([]), nextOffset: 7n };

    expect(await processor(store).process(empty)).toBe(7n);
    expect(await consumerStore(db, 'prediction').positions([topic])).toEqual([
      { topic, partition: 3, offset: 7n },
    ]);
  });

  it('commits effect, counters and position together', async () => {
    const reached = await processor(store).process(batchOf([0, 1, 2].map((n) => product(n))));

    expect(reached).toBe(3n);
    expect(await effects()).toEqual(['p0', 'p1', 'p2']);
    expect(await counts()).toEqual({ applied: 3 });
    expect(await position()).toBe(3n);
  });

  it('passes over types that its handler does not hear of, whatever their body is', async () => {
    const other = product(1);
    const unheard = {
      ...other,
      headers: { ...other.headers, type: Buffer.from('ProductSeen') },
      value: Buffer.from('no JSON'),
    };
    const hears = new Map(
      [...handlersOf(store)].map(([stream, run]) => [
        stream,
        Object.assign(run, { types: ['ProductChanged'] }),
      ]),
    );

    await processor(store, undefined, hears).process(batchOf([product(0), unheard]));

    expect(await effects()).toEqual(['p0']);
    expect(await counts()).toEqual({ applied: 1, 'not-consumed': 1 });
    expect(notices).toEqual([]);
  });

  it('has no second effect for records below the stored position, as after a rebalance', async () => {
    await processor(store).process(batchOf([0, 1].map((n) => product(n))));
    await processor(store).process(batchOf([0, 1, 2].map((n) => product(n))));

    expect(await effects()).toEqual(['p0', 'p1', 'p2']);
    expect(await counts()).toEqual({ applied: 3 });
  });

  it('finds the poison event by halving, sets it aside and applies all others in order', async () => {
    const handle: Handle = async (ids, tx) => {
      await store(ids, tx);
      if (ids.includes('p3')) throw new TypeError('cannot read "ana@example.com" of undefined');
    };
    await processor(handle).process(batchOf([0, 1, 2, 3, 4, 5, 6].map((n) => product(n))));

    expect(await effects()).toEqual(['p0', 'p1', 'p2', 'p4', 'p5', 'p6']);
    expect(await counts()).toEqual({ applied: 6, 'dead-lettered': 1 });
    expect(notices).toEqual(['3 TypeError']);
    const [letter] = await deadLetterStore(db, 'prediction').list('dead', 0, 10);
    expect(letter).toMatchObject({
      topic,
      partition: 3,
      offset: '3',
      reason: 'TypeError',
      attempts: 3,
    });
    expect(letter?.errorText).not.toContain('ana@example.com');
  });

  it('sets an undecodable record aside at once, without trying', async () => {
    const bad = product(1, { value: Buffer.from('{') });
    await processor(store).process(batchOf([product(0), bad, product(2)]));

    expect(await effects()).toEqual(['p0', 'p2']);
    expect(notices).toEqual(['1 undecodable-bad-json']);
    expect(retries).toEqual([]);
  });

  it('repeats the whole batch on a conflict', async () => {
    let tries = 0;
    const handle: Handle = async (ids, tx) => {
      await store(ids, tx);
      tries += 1;
      if (tries < 4) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
    };
    await processor(handle).process(batchOf([product(0), product(1)]));

    expect(await effects()).toEqual(['p0', 'p1']);
    expect(retries).toEqual(['conflict', 'conflict', 'conflict']);
  });

  it('waits out an outage, however long, and never sets anything aside for it', async () => {
    let tries = 0;
    const handle: Handle = async (ids, tx) => {
      tries += 1;
      if (tries <= 12) throw new LogUnavailable('away');
      await store(ids, tx);
    };
    await processor(handle).process(batchOf([product(0)]));

    expect(await counts()).toEqual({ applied: 1 });
    expect(retries).toEqual(Array.from({ length: 12 }, () => 'unavailable'));
  });

  it('is blocked by a later version, whatever goes on elsewhere, until that partition is taken away', async () => {
    let owned = true;
    const working = processor(store);
    const { headers } = product(0);
    const later = product(0, { headers: { ...headers, version: Buffer.from('9') } });

    const waiting = working.process(batchOf([later], () => owned));
    try {
      await eventually(() => blockedBy.at(-1) === 'later-version');
      blockedBy = [];
      await working.process({ ...batchOf([product(0, { partition: 4 })]), partition: 4 });
      expect(await effects()).toEqual(['p0']);
      expect(blockedBy).not.toContain(undefined);
    } finally {
      owned = false;
    }
    expect(await waiting).toBe(0n);
    expect(blockedBy.at(-1)).toBeUndefined();
    expect(blockedBy).not.toHaveLength(0);
  });

  it('rolls the effect back when the partition was taken away during the work', async () => {
    let owned = true;
    const handle: Handle = async (ids, tx) => {
      await store(ids, tx);
      owned = false;
    };
    const reached = await processor(handle).process(batchOf([product(0)], () => owned));

    expect(reached).toBe(0n);
    expect(await effects()).toEqual([]);
  });

  it('does not advance while the dead letter cannot be written', async () => {
    let refusals = 0;
    const handle: Handle = () => Promise.reject(new TypeError('poison'));
    const once = async (tx: Transaction): Promise<void> => {
      refusals += 1;
      if (refusals < 3) await tx.query(sql`select 1 / 0`);
      expect(await position()).toBe(undefined);
    };
    await processor(handle, once).process(batchOf([product(0)]));

    expect(refusals).toBe(3);
    expect(await position()).toBe(1n);
  });

  it('stops at the brake after 20 dead letters in a row, and goes on when an operator releases it', async () => {
    const handle: Handle = () => Promise.reject(new RangeError('a bad release'));
    const records = Array.from({ length: 25 }, (_, n) => product(n));
    const running = processor(handle).process(batchOf(records));
    await eventually(async () => {
      expect(await consumerStore(db, 'prediction').brake()).toBe('dead-letters-in-row');
    });
    expect((await deadLetterStore(db, 'prediction').standing()).count).toBe(20);
    expect(await position()).toBe(20n);

    await consumerStore(db, 'prediction').releaseBrake();
    expect(await running).toBe(25n);
  });
});

describe('redrive', () => {
  it('delivers a dead letter once, also when pressed twice at the same time', async () => {
    await processor(() => Promise.reject(new TypeError('bug'))).process(batchOf([product(0)]));
    const [letter] = await deadLetterStore(db, 'prediction').list('dead', 0, 10);
    const options = {
      group: 'prediction',
      database: db,
      handlers: handlersOf(store),
      log: null,
      by: 'operator-1',
    };

    const results = await Promise.all([
      redrive(letter?.id ?? 0, options),
      redrive(letter?.id ?? 0, options),
    ]);

    expect(results.map(({ result }) => result).sort()).toEqual(['not-dead', 'redriven']);
    expect(await effects()).toEqual(['p0']);
    expect(await counts()).toEqual({ applied: 1 });
  });

  it('keeps a letter that fails again, with one more attempt', async () => {
    const handle: Handle = () => Promise.reject(new TypeError('bug'));
    await processor(handle).process(batchOf([product(0)]));
    const [letter] = await deadLetterStore(db, 'prediction').list('dead', 0, 10);

    const result = await redrive(letter?.id ?? 0, {
      group: 'prediction',
      database: db,
      handlers: handlersOf(handle),
      log: null,
      by: 'operator-1',
    });

    expect(result).toMatchObject({ result: 'failed', reason: 'TypeError' });
    const [again] = await deadLetterStore(db, 'prediction').list('dead', 0, 10);
    expect(again?.attempts).toBe(4);
  });
});
