import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { OutgoingRecord } from '../event-log.js';
import { isNewer, pairOf } from '../event-pair.js';
import { decodeHeaders, encodeHeaders, sizeOf } from './record-codec.js';

const aRecord = (headers: Record<string, string>): OutgoingRecord => ({
  topic: 't',
  key: Buffer.from('key'),
  value: null,
  headers: Object.fromEntries(
    Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)]),
  ),
});

describe('headers', () => {
  it('come back unchanged, whatever their bytes', () => {
    const headers = fc.dictionary(fc.string({ minLength: 1 }), fc.uint8Array(), { maxKeys: 5 });
    fc.assert(
      fc.property(headers, (sent) => {
        const stored = JSON.parse(encodeHeaders(sent)) as Record<string, string>;

        const back = decodeHeaders(stored);

        expect(Object.keys(back).toSorted()).toEqual(Object.keys(sent).toSorted());
        for (const [name, bytes] of Object.entries(sent)) {
          expect(Buffer.from(bytes).equals(back[name] ?? Buffer.from('absent'))).toBe(true);
        }
      }),
    );
  });
});

describe('the pair of a record', () => {
  it('orders by epoch, then by sequence', () => {
    const pair = (epoch: string, sequence: string) => pairOf(aRecord({ epoch, sequence }));

    expect(isNewer(pair('8', '1'), pair('7', '900'))).toBe(true);
    expect(isNewer(pair('7', '900'), pair('8', '1'))).toBe(false);
    expect(isNewer(pair('7', '10'), pair('7', '9'))).toBe(true);
    expect(isNewer(pair('7', '9'), pair('7', '9'))).toBe(false);
  });

  it('is missing when a header is absent or no whole number, and such a record is always newer', () => {
    expect(pairOf(aRecord({ epoch: '1' }))).toBeUndefined();
    expect(pairOf(aRecord({ epoch: '1', sequence: 'x' }))).toBeUndefined();
    expect(isNewer(undefined, { epoch: 1n, sequence: 1n })).toBe(true);
  });
});

describe('sizeOf', () => {
  it('counts key, value and headers in bytes', () => {
    expect(sizeOf({ ...aRecord({ ä: 'xy' }), value: Buffer.alloc(10) })).toBe(3 + 10 + 2 + 2);
  });
});
