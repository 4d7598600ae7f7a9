import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@regulars/kernel';
import { sql } from '@regulars/persistence';
import { testDatabase, type TestDatabase } from '@regulars/testing';
import { BatchProcessor } from './batch-processor.js';
import type { RunHandler } from './consumer-settings.js';
import type { RecordBatch } from './event-log.js';
import { messagingEntities } from './messaging.entity.js';
import { messagingMigrations } from './messaging.migration.js';

const topic = 'regulars.product.v1';

describe('batches of several partitions', () => {
  let db: TestDatabase;
  let calls: string[][];
  beforeEach(async () => {
    db = await testDatabase({
      service: 'prediction',
      entities: messagingEntities,
      migrations: messagingMigrations,
    });
    calls = [];
  });
  afterEach(() => db.drop());

  it('are one transaction; positions and sums are exact for each partition', async () => {
    const together = processor((ids, note) => {
      calls.push(ids);
      note('superseded', 2);
    });

    const reached = await together.processTogether([
      aBatch(1, ['a', 'b', 'c']),
      aBatch(4, ['d']),
      aBatch(7, ['e', 'f']),
    ]);

    expect(reached).toEqual([3n, 1n, 2n]);
    expect(calls).toEqual([['a', 'b', 'c', 'd', 'e', 'f']]);
    expect(await passed()).toEqual([
      { partition: 1, next: 3, counted: 3 },
      { partition: 4, next: 1, counted: 1 },
      { partition: 7, next: 2, counted: 2 },
    ]);
    expect(await outcomes()).toEqual({ applied: 4, superseded: 2 });
  });

  it('pass over what a partition has behind it', async () => {
    const together = processor((ids) => calls.push(ids));
    await together.process(aBatch(4, ['d', 'e']));

    await together.processTogether([aBatch(1, ['a']), aBatch(4, ['d', 'e', 'f'])]);

    expect(calls).toEqual([
      ['d', 'e'],
      ['a', 'f'],
    ]);
    expect(await outcomes()).toEqual({ applied: 4 });
  });

  it('go each by itself when one holds poison, which alone is set aside', async () => {
    const together = processor((ids) => {
      if (ids.includes('poison')) throw new TypeError('cannot be');
      calls.push(ids);
    });

    const reached = await together.processTogether([
      aBatch(1, ['a', 'poison', 'b']),
      aBatch(4, ['d']),
    ]);

    expect(reached).toEqual([3n, 1n]);
    expect(calls.flat()).toEqual(['a', 'b', 'd']);
    expect(await passed()).toEqual([
      { partition: 1, next: 3, counted: 3 },
      { partition: 4, next: 1, counted: 1 },
    ]);
    expect(await outcomes()).toEqual({ applied: 3, 'dead-lettered': 1 });
  });

  it('have no effect when a partition was taken away meanwhile', async () => {
    let owned = true;
    const together = processor((ids) => {
      owned = false;
      calls.push(ids);
    });

    const reached = await together.processTogether([
      aBatch(1, ['a']),
      { ...aBatch(4, ['d']), isOwned: () => owned },
    ]);

    // The first is still ours and goes by itself; the other stands where it stood.
    expect(reached).toEqual([1n, 0n]);
    expect(await passed()).toEqual([{ partition: 1, next: 1, counted: 1 }]);
  });

  type Handle = (ids: string[], note: Parameters<RunHandler>[1]['note']) => void;

  function processor(handle: Handle): BatchProcessor {
    return new BatchProcessor({
      group: 'prediction',
      database: db,
      handlers: new Map([
        [
          'product',
          (events, tx) => {
            handle(
              events.map(({ key }) => key),
              tx.note.bind(tx),
            );
            return Promise.resolve();
          },
        ],
      ]),
      observer: {
        passed: () => undefined,
        retrying: () => undefined,
        deadLettered: () => undefined,
        blocked: () => undefined,
      },
      settings: { conflictDelayMs: 1, maxUnavailableDelayMs: 5 },
      notify: () => Promise.resolve(),
    });
  }

  async function passed(): Promise<object[]> {
    return db.query(sql`
      select partition, next_offset as next,
        (select sum(count)::int from consumer_counters c where c.partition = p.partition) as counted
      from consumer_positions p where next_offset > 0 order by partition`);
  }

  async function outcomes(): Promise<Record<string, number>> {
    const rows = await db.query<{ outcome: string; count: number }>(sql`
      select outcome, sum(count)::int as count from consumer_counters group by outcome`);
    return Object.fromEntries(rows.map(({ outcome, count }) => [outcome, count]));
  }
});

/** Products of these ids, from the partition's beginning. */
function aBatch(partition: number, ids: readonly string[]): RecordBatch {
  return {
    topic,
    partition,
    records: ids.map((productId, offset) => {
      const at = '2026-03-29T00:00:00Z';
      const data = { productId, titles: {}, goesWith: [] };
      const body = { key: productId, occurredAt: at, recordedAt: at, correlationId: newId() };
      const headers = {
        type: 'ProductChanged',
        version: '1',
        id: newId(),
        epoch: '1',
        sequence: String(offset + 1),
      };
      return {
        topic,
        partition,
        offset: BigInt(offset),
        key: Buffer.from(productId),
        value: Buffer.from(JSON.stringify({ ...body, source: 'ingestion', data })),
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)]),
        ),
        timestamp: new Date(at),
      };
    }),
    nextOffset: BigInt(ids.length),
    isOwned: () => true,
    heartbeat: () => Promise.resolve(),
  };
}
