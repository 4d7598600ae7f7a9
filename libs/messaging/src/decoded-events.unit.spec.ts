import { describe, expect, it } from '@jest/globals';
import { encodeBody } from '@regulars/contracts';
import { newId } from '@regulars/kernel';
import type { LogRecord } from './event-log.js';
import { decodeRecord, type DecodedEvents } from './record-decoder.js';

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

const eventOf = (one: LogRecord, shared: DecodedEvents) => {
  const decoded = decodeRecord(one, { shared });
  if (decoded.kind !== 'event') throw new Error(`It is ${decoded.kind}.`);
  return decoded.event;
};

describe('decoded events', () => {
  it('are decoded by the first consumer that is handed the record only', () => {
    const shared: DecodedEvents = new WeakMap();
    const one = record(7n);
    const first = eventOf(one, shared);
    expect(first).toMatchObject({ type: 'CustomerRegistered', key });
    expect(eventOf(one, shared)).toBe(first);
    expect(eventOf(record(7n), shared)).not.toBe(first);
  });

  it('are passed over by who does not hear of them, and heard by the next', () => {
    const shared: DecodedEvents = new WeakMap();
    const heard = (_: string, type: string): boolean => type !== 'CustomerRegistered';
    const one = record(7n);
    const first = eventOf(one, shared);
    expect(decodeRecord(one, { shared, heard }).kind).toBe('not-consumed');
    expect(eventOf(one, shared)).toBe(first);
  });

  it('do not keep what cannot be decoded', () => {
    const shared: DecodedEvents = new WeakMap();
    const broken = record(7n, { value: Buffer.from('{') });
    expect(decodeRecord(broken, { shared }).kind).toBe('undecodable');
    expect(decodeRecord(broken, { shared }).kind).toBe('undecodable');
  });
});
