import { describe, expect, it } from '@jest/globals';
import type { Batch, IHeaders, KafkaMessage } from './client.js';
import { slices } from './record-batches.js';

const message = (
  offset: number,
  change: Partial<Pick<KafkaMessage, 'key' | 'value'>> & { headers?: IHeaders } = {},
): KafkaMessage => ({
  key: Buffer.from('key'),
  value: Buffer.from('0123456'),
  timestamp: '1764000000000',
  attributes: 0,
  offset: String(offset),
  headers: {},
  ...change,
});

/** Fetched up to `last`, where a gap may follow the last message. */
function fetched(messages: KafkaMessage[], last: number): Batch {
  return {
    topic: 't',
    partition: 3,
    highWatermark: '1000',
    messages,
    isEmpty: () => messages.length === 0,
    firstOffset: () => messages[0]?.offset ?? null,
    lastOffset: () => String(last),
    offsetLag: () => '0',
    offsetLagLow: () => '0',
  };
}

const shape = (cut: ReturnType<typeof slices>) =>
  cut.map(({ records, nextOffset }) => [records.map(({ offset }) => Number(offset)), nextOffset]);

describe('slices', () => {
  it('cuts by count and counts the gap after a slice as passed', () => {
    const batch = fetched([message(1), message(2), message(7), message(8)], 12);
    expect(shape(slices(batch, { maxRecords: 2, maxBytes: 1_000 }))).toEqual([
      [[1, 2], 7n],
      [[7, 8], 13n],
    ]);
  });

  it('cuts by size, and hands out a record alone that is larger than a batch may be', () => {
    const huge = message(3, { value: Buffer.alloc(500) });
    const batch = fetched([message(1), message(2), huge, message(4)], 4);
    expect(shape(slices(batch, { maxRecords: 10, maxBytes: 20 }))).toEqual([
      [[1, 2], 3n],
      [[3], 4n],
      [[4], 5n],
    ]);
  });

  it('keeps bytes, and of a repeated header the last value', () => {
    const headers = { one: Buffer.from([0, 255]), twice: [Buffer.from('a'), Buffer.from('b')] };
    const batch = fetched([message(1, { value: null, key: Buffer.alloc(0), headers })], 1);
    const [slice] = slices(batch, { maxRecords: 10, maxBytes: 20 });
    expect(slice?.records).toEqual([
      {
        topic: 't',
        partition: 3,
        offset: 1n,
        key: Buffer.alloc(0),
        value: null,
        headers: { one: Buffer.from([0, 255]), twice: Buffer.from('b') },
        timestamp: new Date(1_764_000_000_000),
      },
    ]);
  });
});
