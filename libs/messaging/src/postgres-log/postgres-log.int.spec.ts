import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Database, sql } from '@regulars/persistence';
import { dropSchema, eventually, testDatabaseUrl, testSchema } from '@regulars/testing';
import { FatalConsumerError, RecordRefused } from '../errors.js';
import type {
  ConsumerOptions,
  EventLog,
  LogRecord,
  OutgoingRecord,
  PartitionOffset,
  RecordBatch,
} from '../event-log.js';
import { partitionOf } from '../partitioner.js';
import { createPostgresLog } from './index.js';

const kept = { name: 'kept', partitions: 12, cleanup: 'keep' } as const;
const compacted = { name: 'compacted', partitions: 12, cleanup: 'compact' } as const;

/** What is special to the log in tables; what every log must do is in the conformance suite. */
describe('postgres-log', () => {
  let schema: string;
  let log: EventLog;
  let admin: Database;
  const logs: EventLog[] = [];

  beforeEach(async () => {
    schema = testSchema();
    log = aLog();
    await log.ensureTopics([kept, compacted]);
    admin = await Database.connect({ url: testDatabaseUrl(), schema, service: 'test' });
  });
  afterEach(async () => {
    await Promise.all(logs.splice(0).map((one) => one.close()));
    await admin.close();
    await dropSchema(schema);
  });

  function aLog(): EventLog {
    const made = createPostgresLog({ databaseUrl: testDatabaseUrl(), schema });
    logs.push(made);
    return made;
  }

  /** A consumer that keeps its stored offsets in `stored`, as a service keeps them in its database. */
  function aConsumer(on: EventLog, options: Partial<ConsumerOptions> = {}) {
    const seen: LogRecord[] = [];
    const batches: RecordBatch[] = [];
    const stored = new Map<string, PartitionOffset>();
    const fatal: Error[] = [];
    const consumer = on.consumer({
      group: 'group',
      topics: ['kept'],
      onBatch: (batch) => {
        batches.push(batch);
        seen.push(...batch.records);
        const { topic, partition, nextOffset: offset } = batch;
        stored.set(`${topic}/${String(partition)}`, { topic, partition, offset });
        return Promise.resolve(offset);
      },
      storedOffsets: () => Promise.resolve([...stored.values()]),
      onFatal: (error) => fatal.push(error),
      ...options,
    });
    return { consumer, seen, batches, stored, fatal, values: () => seen.map(textOf) };
  }

  it('gives offsets in the order of becoming visible under concurrent producers', async () => {
    const writers = 8;
    const sends = 40;
    const { consumer, seen } = aConsumer(log);
    await consumer.start();

    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        const producer = await aLog().producer();
        for (let send = 0; send < sends; send += 1) {
          await producer.send(
            Array.from({ length: 5 }, (_, i) =>
              aRecord(`key-${String(i)}`, `${String(writer)}:${String(send)}`),
            ),
          );
        }
      }),
    );

    await eventually(() => expect(seen).toHaveLength(writers * sends * 5), { withinMs: 20_000 });
    for (const ofPartition of Map.groupBy(seen, ({ partition }) => partition).values()) {
      expect(ofPartition.map(({ offset }) => offset)).toEqual(ofPartition.map((_, i) => BigInt(i)));
    }
    const ofOneKey = Map.groupBy(
      seen,
      (record) => `${keyOf(record)} ${textOf(record).split(':')[0] ?? ''}`,
    );
    for (const records of ofOneKey.values()) {
      const numbers = records.map((record) => Number(textOf(record).split(':')[1]));
      expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
    }
  });

  it('hands a record on within milliseconds', async () => {
    const { consumer, seen } = aConsumer(log);
    await consumer.start();
    const producer = await log.producer();
    const delays: number[] = [];
    for (let i = 1; i <= 50; i += 1) {
      const sentAt = performance.now();
      await producer.send([aRecord('key', String(i))]);
      await eventually(() => seen.length === i);
      delays.push(performance.now() - sentAt);
    }

    // Far below the 200 ms of looking without being told, even on a busy machine.
    const median = delays.toSorted((one, other) => one - other)[25];
    expect(median).toBeLessThan(60);
  });

  it('lets a second member stand by and take over when the first leaves', async () => {
    const first = aConsumer(log);
    const second = aConsumer(aLog(), {
      storedOffsets: () => Promise.resolve([...first.stored.values()]),
    });
    const producer = await log.producer();
    await first.consumer.start();
    await second.consumer.start();
    await producer.send([aRecord('a', 'before')]);
    await eventually(() => expect(first.values()).toEqual(['before']));
    expect(first.consumer.assignment()).toHaveLength(12);
    expect(second.consumer.assignment()).toEqual([]);
    const standingBy = second.consumer.lastPollAt();

    await first.consumer.close();
    await producer.send([aRecord('a', 'after')]);

    await eventually(() => expect(second.values()).toEqual(['after']));
    expect(second.consumer.assignment()).toHaveLength(12);
    expect(second.consumer.lastPollAt().getTime()).toBeGreaterThan(standingBy.getTime());
  });

  it('finds its way back when every connection is cut', async () => {
    const { consumer, values } = aConsumer(log);
    await consumer.start();
    const producer = await log.producer();
    await producer.send([aRecord('a', '1')]);
    await eventually(() => expect(values()).toEqual(['1']));

    await admin.query(sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where pid <> pg_backend_pid() and position(${schema} in application_name) > 0`);

    await eventually(() => producer.send([aRecord('a', '2')]));
    await eventually(() => expect(new Set(values())).toEqual(new Set(['1', '2'])));
    await eventually(() => expect(consumer.assignment()).toHaveLength(12));
  });

  it('keeps the latest of a key on a compacted topic and drops what is not newer', async () => {
    const producer = await log.producer();
    await producer.send([
      aRecord('a', 'a1', { topic: 'compacted', pair: [7, 1] }),
      aRecord('b', 'b2', { topic: 'compacted', pair: [7, 2] }),
      aRecord('a', 'a3', { topic: 'compacted', pair: [7, 3] }),
      aRecord('a', 'a2', { topic: 'compacted', pair: [7, 2] }),
    ]);
    await producer.send([aRecord('b', null, { topic: 'compacted', pair: [8, 1] })]);
    const ends = await log.endOffsets(['compacted']);
    await producer.send([
      aRecord('a', 'again', { topic: 'compacted', pair: [7, 3] }),
      aRecord('b', 'from a paused relay', { topic: 'compacted', pair: [7, 900] }),
    ]);

    const { consumer, seen } = aConsumer(log, { topics: ['compacted'] });
    await consumer.start();

    await eventually(() => expect(seen).toHaveLength(2));
    expect(
      seen.map((record) => [keyOf(record), record.value && textOf(record)]).toSorted(),
    ).toEqual([
      ['a', 'a3'],
      ['b', null],
    ]);
    expect(await log.endOffsets(['compacted'])).toEqual(ends);
  });

  it('reaches the end although what stood there was compacted away', async () => {
    const producer = await log.producer();
    const [one, other] = twoKeysOfOnePartition();
    await producer.send([aRecord(one, '1', { topic: 'compacted' })]);
    await producer.send([aRecord(other, null, { topic: 'compacted' })]);
    await admin.query(sql`delete from records where value is null`);
    const { consumer, batches } = aConsumer(log, { topics: ['compacted'] });

    await consumer.start();

    await eventually(() => expect(batches).toHaveLength(1));
    expect(batches[0]).toMatchObject({ nextOffset: 2n, records: [{ offset: 0n }] });
  });

  it('cuts batches by count and by bytes, and loses nothing', async () => {
    const producer = await log.producer();
    const sent = Array.from({ length: 25 }, (_, i) =>
      aRecord('a', `${String(i)}-${'x'.repeat(100)}`),
    );
    await producer.send(sent);

    const byCount = aConsumer(log, { group: 'count', maxRecords: 10 });
    const byBytes = aConsumer(log, { group: 'bytes', maxBytes: 250 });
    await byCount.consumer.start();
    await byBytes.consumer.start();

    await eventually(() =>
      expect(byCount.batches.map(({ records }) => records.length)).toEqual([10, 10, 5]),
    );
    await eventually(() => expect(byBytes.seen).toHaveLength(25));
    expect(Math.max(...byBytes.batches.map(({ records }) => records.length))).toBe(3);
  });

  it('refuses what is too large or, on a compacted topic, without a key, and writes nothing of that send', async () => {
    const producer = await log.producer();
    await log.ensureTopics([{ ...kept, name: 'small', maxMessageBytes: 100 }]);

    await expect(
      producer.send([
        aRecord('a', 'fits', { topic: 'small' }),
        aRecord('a', 'x'.repeat(200), { topic: 'small' }),
      ]),
    ).rejects.toThrow(RecordRefused);
    await expect(
      producer.send([{ ...aRecord('a', 'x', { topic: 'compacted' }), key: null }]),
    ).rejects.toThrow(RecordRefused);

    expect((await log.endOffsets(['small'])).every(({ offset }) => offset === 0n)).toBe(true);
  });

  it('begins at the stored offset, or where an operator set the group back to', async () => {
    const producer = await log.producer();
    await producer.send(['1', '2', '3'].map((text) => aRecord('a', text)));
    const first = aConsumer(log);
    await first.consumer.start();
    await eventually(() => expect(first.seen).toHaveLength(3));
    await first.consumer.close();
    const [at] = first.stored.values();
    const startWith = async (stored: bigint, committed: bigint) => {
      await admin.query(
        sql`update group_offsets set next_offset = ${committed.toString()}::bigint`,
      );
      const next = aConsumer(log, {
        storedOffsets: () => Promise.resolve(at ? [{ ...at, offset: stored }] : []),
      });
      await next.consumer.start();
      return next;
    };

    const behind = await startWith(1n, 3n);
    await eventually(() => expect(behind.values()).toEqual(['2', '3']));
    await behind.consumer.close();
    const setBack = await startWith(3n, 2n);
    await eventually(() => expect(setBack.values()).toEqual(['3']));
    await setBack.consumer.close();
    const beyond = await startWith(9n, 3n);
    await eventually(() => expect(beyond.fatal).toHaveLength(1));
    expect(beyond.fatal[0]).toBeInstanceOf(FatalConsumerError);
    expect(beyond.seen).toEqual([]);
  });

  it('hands out one batch of a partition at a time, partitions beside one another', async () => {
    const producer = await log.producer();
    await producer.send(
      Array.from({ length: 60 }, (_, i) => aRecord(`key-${String(i)}`, String(i))),
    );
    const inWork = new Set<number>();
    let most = 0;
    const doubled: number[] = [];
    const goOn = Promise.withResolvers<undefined>();
    const { consumer } = aConsumer(log, {
      maxRecords: 2,
      onBatch: async ({ partition, nextOffset }) => {
        if (inWork.has(partition)) doubled.push(partition);
        inWork.add(partition);
        most = Math.max(most, inWork.size);
        await goOn.promise;
        inWork.delete(partition);
        return nextOffset;
      },
    });
    await consumer.start();

    await eventually(() => expect(most).toBe(4));
    await producer.send(
      Array.from({ length: 60 }, (_, i) => aRecord(`key-${String(i)}`, String(i))),
    );
    goOn.resolve(undefined);
    await eventually(async () => {
      const [left] = await admin.query<{ sum: number }>(
        sql`select coalesce(sum(next_offset), 0)::int as sum from group_offsets`,
      );
      expect(left?.sum).toBe(120);
    });
    expect(doubled).toEqual([]);
    expect(most).toBe(4);
  });

  it('takes a rejected batch for the end of the consumer, and does not pass it over', async () => {
    const producer = await log.producer();
    await producer.send([aRecord('a', '1')]);
    const { consumer, fatal } = aConsumer(log, {
      onBatch: () => Promise.reject(new TypeError('no')),
    });

    await consumer.start();

    await eventually(() => expect(fatal).toHaveLength(1));
    await consumer.close();
    expect(await admin.query(sql`select from group_offsets where next_offset > 0`)).toEqual([]);
  });

  it('removes what is past its time, and old offsets are then out of range', async () => {
    await log.ensureTopics([{ ...kept, name: 'short', retentionMs: 1_000 }]);
    const short = aLog();
    await short.ensureTopics([]);
    const producer = await short.producer();
    await producer.send([aRecord('a', 'old', { topic: 'short' })]);

    await eventually(async () => {
      expect(await admin.query(sql`select from records`)).toEqual([]);
    });

    await producer.send([aRecord('a', 'new', { topic: 'short' })]);
    const fresh = aConsumer(short, { group: 'fresh', topics: ['short'] });
    await fresh.consumer.start();
    await eventually(() => expect(fresh.values()).toEqual(['new']));
    const away = aConsumer(short, {
      group: 'away',
      topics: ['short'],
      storedOffsets: (assigned) => Promise.resolve(assigned.map((at) => ({ ...at, offset: 0n }))),
    });
    await away.consumer.start();
    await eventually(() => expect(away.fatal).toHaveLength(1));
  });
});

function aRecord(
  key: string,
  value: string | null,
  { topic = 'kept', pair }: { topic?: string; pair?: [number, number] } = {},
): OutgoingRecord {
  const headers = pair && { epoch: bytes(String(pair[0])), sequence: bytes(String(pair[1])) };
  return {
    topic,
    key: bytes(key),
    value: value === null ? null : bytes(value),
    headers: headers ?? {},
  };
}

function twoKeysOfOnePartition(): [string, string] {
  const other = Array.from({ length: 100 }, (_, i) => String(i)).find(
    (key) => partitionOf(bytes(key)) === partitionOf(bytes('one')),
  );
  return ['one', other ?? ''];
}

const bytes = (text: string) => Buffer.from(text);
const textOf = ({ value }: LogRecord) => Buffer.from(value ?? []).toString();
const keyOf = ({ key }: LogRecord) => Buffer.from(key ?? []).toString();
