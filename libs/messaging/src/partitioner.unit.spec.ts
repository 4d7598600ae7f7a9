import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { partitionOf } from './partitioner.js';

/** What kafkajs' default partitioner, which is Java's, says for 12 partitions. */
const theirs = kafkajs.Partitioners.DefaultPartitioner();
const partitionMetadata = Array.from({ length: 12 }, (_, partitionId) => ({
  partitionId,
  leader: 1,
  partitionErrorCode: 0,
  replicas: [1],
  isr: [1],
}));
const partitionOfKafka = (key: Buffer) =>
  theirs({ topic: 't', partitionMetadata, message: { key, value: null } });

describe('partitionOf', () => {
  // Frozen: a customer must stay on its partition for ever.
  it.each([
    ['', 9],
    ['a', 4],
    ['0198c0de-0000-7000-8000-000000000001', 8],
    ['0198c0de-0000-7000-8000-000000000002', 4],
    ['customer', 0],
  ])('puts %j on partition %i', (key, partition) => {
    expect(partitionOf(Buffer.from(key))).toBe(partition);
  });

  it('agrees with Kafka for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (key) => {
        expect(partitionOf(key)).toBe(partitionOfKafka(Buffer.from(key)));
      }),
    );
  });

  it('puts records without a key on partition 0', () => {
    expect(partitionOf(null)).toBe(0);
  });
});
