import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, startKafka, type TestKafka } from '@regulars/testing';
import { FatalConsumerError, Fenced, LogUnavailable, RecordRefused } from '../errors.js';
import type { EventLog, OutgoingRecord, PartitionOffset } from '../event-log.js';
import { createAdmin } from './client.js';
import { createKafkaLog } from './kafka-log.js';
import { defaultKafkaSettings, silent } from './settings.js';

let kafka: TestKafka;
let log: EventLog;
let topic: string;
beforeAll(async () => {
  kafka = await startKafka();
}, 300_000);
afterAll(() => kafka.stop());
beforeEach(async () => {
  log = createKafkaLog({
    brokers: kafka.brokers,
    clientId: 'kafka-log-test',
    settings: { closeGraceMs: 2_000 },
  });
  topic = `kafka-log.${String(Date.now())}`;
  await log.ensureTopics([
    { name: topic, partitions: 1, cleanup: 'keep', maxMessageBytes: 1 << 20 },
  ]);
});
afterEach(() => log.close());

const record = (value: string | Buffer, to = topic): OutgoingRecord => ({
  topic: to,
  key: Buffer.from('key'),
  value: Buffer.from(value),
  headers: {},
});

describe('the log on Kafka', () => {
  it('names it fatal when records are gone that a running consumer has not read', async () => {
    const producer = await log.producer();
    await producer.send([record('read'), record('unread')]);
    const gate = Promise.withResolvers<true>();
    const fatal: Error[] = [];
    const read: string[] = [];
    const stored: PartitionOffset[] = [];
    const consumer = log.consumer({
      group: topic,
      topics: [topic],
      maxRecords: 1,
      onBatch: async (batch) => {
        read.push(Buffer.from(batch.records[0]?.value ?? []).toString());
        await gate.promise;
        return read.length === 1 ? batch.nextOffset : 1n;
      },
      storedOffsets: () => Promise.resolve(stored),
      onFatal: (error) => fatal.push(error),
    });
    await consumer.start();
    await eventually(() => read.length === 1);
    await producer.send(Array.from({ length: 20 }, () => record('later')));
    const options = { brokers: kafka.brokers, clientId: 'gone', logger: silent };
    const admin = createAdmin({ ...options, settings: defaultKafkaSettings }, () => false);
    await admin.connect();
    await admin.fetchTopicOffsets(topic); // loads what deleteTopicRecords needs to know
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '15' }] });
    await admin.disconnect();
    gate.resolve(true);

    await eventually(() => fatal.length > 0);
    expect(fatal).toEqual([expect.any(FatalConsumerError)]);
    expect(fatal[0]?.message).toMatch(/out of range/);
    expect(read).not.toContain('later');
  });

  it('refuses a record that is too large for good, and takes the next', async () => {
    const producer = await log.producer();
    const started = performance.now();
    await expect(producer.send([record(Buffer.alloc(2 << 20))])).rejects.toThrow(RecordRefused);
    // Tried again it would be for a minute.
    expect(performance.now() - started).toBeLessThan(30_000);
    await producer.send([record('small')]);
    expect(await log.endOffsets([topic])).toEqual([{ topic, partition: 0, offset: 1n }]);
  });

  it('cuts a large send, so that the broker takes it', async () => {
    const producer = await log.producer();
    await producer.send(Array.from({ length: 40 }, () => record(Buffer.alloc(100 * 1024))));
    expect(await log.endOffsets([topic])).toEqual([{ topic, partition: 0, offset: 40n }]);
  });

  it('makes topics once, whoever asks, and leaves what is there', async () => {
    const spec = { name: `${topic}.many`, partitions: 3, cleanup: 'compact' } as const;
    const others = [1, 2, 3].map(() =>
      createKafkaLog({ brokers: kafka.brokers, clientId: 'another' }),
    );
    await Promise.all(others.map((other) => other.ensureTopics([spec])));
    await log.ensureTopics([{ ...spec, partitions: 5 }]);
    expect(await log.endOffsets([spec.name])).toHaveLength(3);
    await Promise.all(others.map((other) => other.close()));
  });

  it('lets a relay write nothing to a compacted topic any more once another has taken over', async () => {
    const compact = `${topic}.profiles`;
    await log.ensureTopics([{ name: compact, partitions: 1, cleanup: 'compact' }]);
    const paused = await log.takeOver(topic);
    await paused.compact.send([record('old profile', compact)]);
    const other = createKafkaLog({ brokers: kafka.brokers, clientId: 'successor' });
    const successor = await other.takeOver(topic);
    await successor.compact.send([record('tombstone', compact)]);

    // It wakes with what it had read before, and tries again.
    for (let attempt = 0; attempt < 2; attempt += 1)
      await expect(paused.compact.send([record('old profile', compact)])).rejects.toThrow(Fenced);
    await successor.compact.send([record('newer', compact)]);

    const { records } = await log.read({ topic: compact, partition: 0, offset: 0n });
    expect(records.map(({ value }) => Buffer.from(value ?? []).toString())).toEqual([
      'old profile',
      'tombstone',
      'newer',
    ]);
    await other.close();
  });

  it('closes in bounded time while nobody answers', async () => {
    const nowhere = createKafkaLog({
      brokers: ['127.0.0.1:1'],
      clientId: 'nowhere',
      settings: { closeGraceMs: 500 },
    });
    const producer = await nowhere.producer();
    const sending = expect(producer.send([record('x')])).rejects.toThrow(LogUnavailable);
    const consumer = nowhere.consumer({
      group: topic,
      topics: [topic],
      onBatch: (batch) => Promise.resolve(batch.nextOffset),
      storedOffsets: () => Promise.resolve([]),
      onFatal: () => undefined,
    });
    const starting = expect(consumer.start()).rejects.toThrow(LogUnavailable);
    const making = expect(
      nowhere.ensureTopics([{ name: topic, partitions: 1, cleanup: 'keep' }]),
    ).rejects.toThrow(LogUnavailable);

    const started = performance.now();
    await nowhere.close();
    await Promise.all([sending, starting, making]);
    // Those that wait for an answer would wait for a minute.
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});
