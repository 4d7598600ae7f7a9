import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { decodeEvent, encodeBody, LaterVersion, type NewEvent } from './index.js';

const file = join(import.meta.dirname, '..', 'fixtures', 'purchase', 'PurchaseRecorded.v1.json');

interface Record_ {
  headers: Record<string, string | undefined>;
  key: string;
  body: Record<string, unknown> & { data: Record<string, unknown> };
}

function record(change: (record: Record_) => void): Record_ {
  const fresh = JSON.parse(readFileSync(file, 'utf8')) as Record_;
  change(fresh);
  return fresh;
}

function decode({ headers, key, body }: Record_): unknown {
  return decodeEvent('purchase', key, headers, Buffer.from(JSON.stringify(body)));
}

describe('decodeEvent', () => {
  it.each<[string, string, (record: Record_) => void]>([
    ['a missing sequence', 'undecodable-bad-headers', (r) => delete r.headers['sequence']],
    ['an epoch that is no number', 'undecodable-bad-headers', (r) => (r.headers['epoch'] = '1e3')],
    ['a type nobody knows', 'undecodable-unknown-type', (r) => (r.headers['type'] = 'Constructed')],
    [
      'a type named like a method',
      'undecodable-unknown-type',
      (r) => (r.headers['type'] = 'constructor'),
    ],
    ['another key in the body', 'undecodable-wrong-key', (r) => (r.body['key'] = 'other')],
    ['data that break the schema', 'undecodable-bad-schema', (r) => (r.body.data['revision'] = 0)],
    [
      'free text where an id belongs',
      'undecodable-bad-schema',
      (r) => (r.body.data['orderId'] = 'for Ana!'),
    ],
    ['an empty key', 'undecodable-null-key', (r) => (r.key = '')],
  ])('refuses %s', (_, code, change) => {
    expect(() => decode(record(change))).toThrow(expect.objectContaining({ code }));
  });

  it('refuses what is no JSON in UTF-8', () => {
    const { headers, key } = record(() => undefined);
    expect(() => decodeEvent('purchase', key, headers, Buffer.from([0x7b, 0xff]))).toThrow(
      expect.objectContaining({ code: 'undecodable-bad-json' }),
    );
  });

  it('waits for an upgrade when the version is later than known', () => {
    expect(() => decode(record((r) => (r.headers['version'] = '2')))).toThrow(LaterVersion);
  });

  it('takes a null body for a tombstone on compacted topics only', () => {
    const { headers, key } = record(() => undefined);
    expect(decodeEvent('forecast', key, headers, null)).toMatchObject({ type: 'Tombstone', key });
    expect(() => decodeEvent('purchase', key, headers, null)).toThrow();
  });
});

describe('encodeBody', () => {
  it('refuses data that break the contract, and does not repeat them', () => {
    const { body, key } = record((r) => (r.body.data['currency'] = 'secret'));
    const event = {
      stream: 'purchase',
      type: 'PurchaseRecorded',
      key,
      occurredAt: new Date(),
      data: body.data,
    };
    const encode = (): string =>
      encodeBody(event as unknown as NewEvent, new Date(), 'ingestion', 'c');
    expect(encode).toThrow(/currency/);
    expect(encode).not.toThrow(/secret/);
  });
});
