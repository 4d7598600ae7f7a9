import { describe, expect, it } from '@jest/globals';
import { sql } from '@regulars/persistence';
import { eventually } from '@regulars/testing';
import { RecordRefused } from '../errors.js';
import { partitionOf } from '../partitioner.js';
import { sweep } from './housekeeping.js';
import { aRecord, bytes, keptTopic, keyOf, LogKit, textOf } from './log.kit.spec.js';
import { logStore } from './log-store.js';

describe('what the log in tables takes and keeps', () => {
  const kit = new LogKit();

  it('keeps the latest of a key on a compacted topic and drops what is not newer', async () => {
    const producer = await kit.log.producer();
    await producer.send([
      aRecord('a', 'a1', { topic: 'compacted', pair: [7, 1] }),
      aRecord('b', 'b2', { topic: 'compacted', pair: [7, 2] }),
      aRecord('a', 'a3', { topic: 'compacted', pair: [7, 3] }),
      aRecord('a', 'a2', { topic: 'compacted', pair: [7, 2] }),
    ]);
    await producer.send([aRecord('b', null, { topic: 'compacted', pair: [8, 1] })]);
    const ends = await kit.log.endOffsets(['compacted']);
    await producer.send([
      aRecord('a', 'again', { topic: 'compacted', pair: [7, 3] }),
      aRecord('b', 'from a paused relay', { topic: 'compacted', pair: [7, 900] }),
    ]);

    const { consumer, seen } = kit.aConsumer(kit.log, { topics: ['compacted'] });
    await consumer.start();

    await eventually(() => expect(seen).toHaveLength(2));
    expect(
      seen.map((record) => [keyOf(record), record.value && textOf(record)]).toSorted(),
    ).toEqual([
      ['a', 'a3'],
      ['b', null],
    ]);
    expect(await kit.log.endOffsets(['compacted'])).toEqual(ends);
  });

  it('reaches the end although what stood there was compacted away', async () => {
    const producer = await kit.log.producer();
    const [one, other] = twoKeysOfOnePartition();
    await producer.send([aRecord(one, '1', { topic: 'compacted' })]);
    await producer.send([aRecord(other, null, { topic: 'compacted' })]);
    await kit.admin.query(sql`delete from records where value is null`);
    const { consumer, batches } = kit.aConsumer(kit.log, { topics: ['compacted'] });

    await consumer.start();

    await eventually(() => expect(batches).toHaveLength(1));
    expect(batches[0]).toMatchObject({ nextOffset: 2n, records: [{ offset: 0n }] });
  });

  it('refuses what is too large or, on a compacted topic, without a key, and writes nothing of that send', async () => {
    const producer = await kit.log.producer();
    await kit.log.ensureTopics([{ ...keptTopic, name: 'small', maxMessageBytes: 100 }]);

    await expect(
      producer.send([
        aRecord('a', 'fits', { topic: 'small' }),
        aRecord('a', 'x'.repeat(200), { topic: 'small' }),
      ]),
    ).rejects.toThrow(RecordRefused);
    await expect(
      producer.send([{ ...aRecord('a', 'x', { topic: 'compacted' }), key: null }]),
    ).rejects.toThrow(RecordRefused);

    expect((await kit.log.endOffsets(['small'])).every(({ offset }) => offset === 0n)).toBe(true);
  });

  it('removes what is past its time, and old offsets are then out of range', async () => {
    await kit.log.ensureTopics([{ ...keptTopic, name: 'short', retentionMs: 1_000 }]);
    const short = kit.aLog();
    await short.ensureTopics([]);
    const producer = await short.producer();
    await producer.send([aRecord('a', 'old', { topic: 'short' })]);

    await eventually(async () => {
      expect(await kit.admin.query(sql`select from records`)).toEqual([]);
    });

    // What follows is to stay, however long it takes to read it.
    await kit.admin.query(sql`update topics set retention_ms = 3600000 where name = 'short'`);
    await producer.send([aRecord('a', 'new', { topic: 'short' })]);
    const fresh = kit.aConsumer(short, { group: 'fresh', topics: ['short'] });
    await fresh.consumer.start();
    await eventually(() => expect(fresh.values()).toEqual(['new']));
    const away = kit.aConsumer(short, {
      group: 'away',
      topics: ['short'],
      storedOffsets: (assigned) => Promise.resolve(assigned.map((at) => ({ ...at, offset: 0n }))),
    });
    await away.consumer.start();
    await eventually(() => expect(away.fatal).toHaveLength(1));
  });

  it('does not take what is being appended for past its time', async () => {
    const spec = { ...keptTopic, name: 'quiet', partitions: 1, retentionMs: 3_600_000 };
    await kit.log.ensureTopics([spec]);
    const [topic] = await logStore(kit.admin).topics([spec.name]);
    const append = {
      topicId: topic?.id ?? 0,
      partition: 0,
      key: null,
      value: bytes('new'),
      headers: '{}',
      epoch: undefined,
      sequence: undefined,
    };

    const sweeping = await kit.admin.withTransaction(async (tx) => {
      await logStore(tx).append([append]);
      const [own] = await tx.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
      const swept = sweep(kit.admin);
      await eventually(async () =>
        expect(
          await kit.admin.query(sql`
            select from pg_stat_activity where ${own?.pid} = any(pg_blocking_pids(pid))`),
        ).toHaveLength(1),
      );
      return { swept };
    });
    await sweeping.swept;

    expect(await logStore(kit.admin).ranges([spec.name])).toMatchObject([{ start: 0n, end: 1n }]);
  });
});

function twoKeysOfOnePartition(): [string, string] {
  const other = Array.from({ length: 100 }, (_, i) => String(i)).find(
    (key) => partitionOf(bytes(key)) === partitionOf(bytes('one')),
  );
  return ['one', other ?? ''];
}
