import { describe, expect, it } from '@jest/globals';
import { encodeBody } from '@regulars/contracts';
import { newId } from '@regulars/kernel';
import type { LogRecord } from './event-log.js';
import { decodeRecord } from './record-decoder.js';
import { RecentEvents } from './recent-events.js';

const key = newId();
const value = Buffer.from(
  encodeBody(
    {
      stream: 'customer',
      type: 'CustomerRegistered',
      key,
      occurredAt: new Date(0),
      data: {
        customerId: key,
        kind: 'person',
        registeredAt: '2026-01-01T00:00:00.000Z',
        imported: false,
      },
    },
    new Date(0),
    'test',
    'c',
  ),
);

function record(offset: bigint, over: Partial<LogRecord> = {}): LogRecord {
  const headers = {
    type: 'CustomerRegistered',
    version: '1',
    id: newId(),
    epoch: '1',
    sequence: '1',
  };
  return {
    topic: 'regulars.customer.v1',
    partition: 0,
    offset,
    key: Buffer.from(key),
    value,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)]),
    ),
    timestamp: new Date(0),
    ...over,
  };
}

const eventOf = (one: LogRecord, recent: RecentEvents) => {
  const decoded = decodeRecord(one, { recent });
  if (decoded.kind !== 'event') throw new Error(`It is ${decoded.kind}.`);
  return decoded.event;
};

describe('recent events', () => {
  it('are decoded by the first consumer only', () => {
    const recent = new RecentEvents();
    const first = eventOf(record(7n), recent);
    expect(first).toMatchObject({ type: 'CustomerRegistered', key });
    expect(eventOf(record(7n), recent)).toBe(first);
  });

  it('are told apart by topic, partition and offset', () => {
    const recent = new RecentEvents();
    const first = eventOf(record(7n), recent);
    expect(eventOf(record(8n), recent)).not.toBe(first);
    expect(eventOf(record(7n, { partition: 1 }), recent)).not.toBe(first);
    expect(decodeRecord(record(7n, { topic: 'regulars.offer.v1' }), { recent }).kind).toBe(
      'undecodable',
    );
  });

  it('are passed over by who does not hear of them, and heard by the next', () => {
    const recent = new RecentEvents();
    const heard = (_: string, type: string): boolean => type !== 'CustomerRegistered';
    const first = eventOf(record(7n), recent);
    expect(decodeRecord(record(7n), { recent, heard }).kind).toBe('not-consumed');
    expect(eventOf(record(7n), recent)).toBe(first);
  });

  it('do not keep what cannot be decoded', () => {
    const recent = new RecentEvents();
    const broken = record(7n, { value: Buffer.from('{') });
    expect(decodeRecord(broken, { recent }).kind).toBe('undecodable');
    expect(decodeRecord(broken, { recent }).kind).toBe('undecodable');
  });

  it('make room: the oldest go, whatever their size', () => {
    const recent = new RecentEvents(2 * value.byteLength);
    const events = [1n, 2n, 3n].map((offset) => eventOf(record(offset), recent));
    expect([1n, 2n, 3n].map((offset) => recent.of(record(offset)))).toEqual([
      undefined,
      events[1],
      events[2],
    ]);

    const huge = record(4n, { value: Buffer.concat([value, Buffer.alloc(9_000, ' ')]) });
    expect(eventOf(huge, recent).key).toBe(key);
    expect([2n, 3n, 4n].map((offset) => recent.of(record(offset)))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(eventOf(record(5n), recent)).toBe(recent.of(record(5n)));
  });
});
