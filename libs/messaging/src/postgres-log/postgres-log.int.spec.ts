import { describe, expect, it, jest } from '@jest/globals';
import { sql } from '@regulars/persistence';
import { eventually } from '@regulars/testing';
import { FatalConsumerError } from '../errors.js';
import { aRecord, keyOf, LogKit, textOf } from './log.kit.spec.js';

/** What is special to the log in tables; what every log must do is in the conformance suite. */
describe('postgres-log', () => {
  const kit = new LogKit();

  it('gives offsets in the order of becoming visible under concurrent producers', async () => {
    const writers = 8;
    const sends = 40;
    const { consumer, seen } = kit.aConsumer(kit.log);
    await consumer.start();

    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        const producer = await kit.aLog().producer();
        for (let send = 0; send < sends; send += 1) {
          await producer.send(
            Array.from({ length: 5 }, (_, i) =>
              aRecord(`key-${String(i)}`, `${String(writer)}:${String(send)}`),
            ),
          );
        }
      }),
    );

    await eventually(() => expect(seen).toHaveLength(writers * sends * 5));
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

  it('hands a record on at once: it is told, and waits for no time to pass', async () => {
    const { consumer, values } = kit.aConsumer(kit.log);
    await consumer.start();
    const producer = await kit.log.producer();
    await producer.send([aRecord('key', '0')]);
    await eventually(() => expect(values()).toEqual(['0']));
    // From here on no pause of the log ends, so it finds nothing by looking.
    const anHourLater = globalThis.setTimeout;
    const timers = jest.spyOn(globalThis, 'setTimeout');
    timers.mockImplementation((go) => anHourLater(go, 3_600_000).unref());
    try {
      for (let i = 1; i <= 20; i += 1) {
        await producer.send([aRecord('key', String(i))]);
        await eventually(() => expect(values().at(-1)).toBe(String(i)));
      }
    } finally {
      timers.mockRestore();
    }
  });

  it('lets a second member stand by and take over when the first leaves', async () => {
    const first = kit.aConsumer(kit.log);
    const second = kit.aConsumer(kit.aLog(), {
      storedOffsets: () => Promise.resolve([...first.stored.values()]),
    });
    const producer = await kit.log.producer();
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
    const { consumer, values } = kit.aConsumer(kit.log);
    await consumer.start();
    const producer = await kit.log.producer();
    await producer.send([aRecord('a', '1')]);
    await eventually(() => expect(values()).toEqual(['1']));

    await kit.admin.query(sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where pid <> pg_backend_pid() and position(${kit.schema} in application_name) > 0`);

    await eventually(() => producer.send([aRecord('a', '2')]));
    await eventually(() => expect(new Set(values())).toEqual(new Set(['1', '2'])));
    await eventually(() => expect(consumer.assignment()).toHaveLength(12));
  });

  it('cuts batches by count and by bytes, and loses nothing', async () => {
    const producer = await kit.log.producer();
    const sent = Array.from({ length: 25 }, (_, i) =>
      aRecord('a', `${String(i)}-${'x'.repeat(100)}`),
    );
    await producer.send(sent);

    const byCount = kit.aConsumer(kit.log, { group: 'count', maxRecords: 10 });
    const byBytes = kit.aConsumer(kit.log, { group: 'bytes', maxBytes: 250 });
    await byCount.consumer.start();
    await byBytes.consumer.start();

    await eventually(() =>
      expect(byCount.batches.map(({ records }) => records.length)).toEqual([10, 10, 5]),
    );
    await eventually(() => expect(byBytes.seen).toHaveLength(25));
    expect(Math.max(...byBytes.batches.map(({ records }) => records.length))).toBe(3);
  });

  it('begins at the stored offset, or where an operator set the group back to', async () => {
    const producer = await kit.log.producer();
    await producer.send(['1', '2', '3'].map((text) => aRecord('a', text)));
    const first = kit.aConsumer(kit.log);
    await first.consumer.start();
    await eventually(() => expect(first.seen).toHaveLength(3));
    await first.consumer.close();
    const [at] = first.stored.values();
    const startWith = async (stored: bigint, committed: bigint) => {
      await kit.admin.query(
        sql`update group_offsets set next_offset = ${committed.toString()}::bigint`,
      );
      const next = kit.aConsumer(kit.log, {
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
    const producer = await kit.log.producer();
    await producer.send(
      Array.from({ length: 60 }, (_, i) => aRecord(`key-${String(i)}`, String(i))),
    );
    const inWork = new Set<number>();
    let most = 0;
    const doubled: number[] = [];
    const goOn = Promise.withResolvers<undefined>();
    const { consumer } = kit.aConsumer(kit.log, {
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
      const [left] = await kit.admin.query<{ sum: number }>(
        sql`select coalesce(sum(next_offset), 0)::int as sum from group_offsets`,
      );
      expect(left?.sum).toBe(120);
    });
    expect(doubled).toEqual([]);
    expect(most).toBe(4);
  });

  it('takes a rejected batch for the end of the consumer, and does not pass it over', async () => {
    const producer = await kit.log.producer();
    await producer.send([aRecord('a', '1')]);
    const { consumer, fatal } = kit.aConsumer(kit.log, {
      onBatch: () => Promise.reject(new TypeError('no')),
    });

    await consumer.start();

    await eventually(() => expect(fatal).toHaveLength(1));
    await consumer.close();
    expect(await kit.admin.query(sql`select from group_offsets where next_offset > 0`)).toEqual([]);
  });
});
