import { expect, it } from '@jest/globals';
import type { LogRecord } from '../event-log.js';
import { RecentStretches } from './recent-stretches.js';

const record = (offset: number, bytes = 1): LogRecord => ({
  topic: 'purchase',
  partition: 0,
  offset: BigInt(offset),
  key: null,
  value: Buffer.alloc(bytes),
  headers: {},
  timestamp: new Date(0),
});
const records = (...offsets: number[]) => offsets.map((offset) => record(offset));
const MANY = 500;

it('knows what was read from any offset inside it, and nothing before or after', () => {
  const recent = new RecentStretches();
  const all = records(3, 4, 7);
  recent.keep('p', 3n, { records: all, next: 9n });
  expect(recent.from('p', 3n, MANY)).toEqual({ records: all, next: 9n });
  expect(recent.from('p', 4n, MANY)).toEqual({ records: all.slice(1), next: 9n });
  // 5 and 6 were compacted away, and so was what lay before the end.
  expect(recent.from('p', 5n, MANY)).toEqual({ records: all.slice(2), next: 9n });
  expect(recent.from('p', 8n, MANY)).toEqual({ records: [], next: 9n });
  expect(recent.from('p', 9n, MANY)).toBeUndefined();
  expect(recent.from('p', 2n, MANY)).toBeUndefined();
  expect(recent.from('another', 3n, MANY)).toBeUndefined();
});

it('joins stretches that follow one another, up to a gap or enough records', () => {
  const recent = new RecentStretches();
  const all = records(0, 1, 2, 3, 6);
  recent.keep('p', 0n, { records: all.slice(0, 2), next: 2n });
  recent.keep('another', 2n, { records: records(2), next: 3n });
  recent.keep('p', 2n, { records: all.slice(2, 4), next: 4n });
  recent.keep('p', 6n, { records: all.slice(4), next: 7n });
  expect(recent.from('p', 0n, MANY)).toEqual({ records: all.slice(0, 4), next: 4n });
  expect(recent.from('p', 1n, 1)).toEqual({ records: all.slice(1, 2), next: 2n });
});

it('makes room: the oldest stretches go, whatever their size', () => {
  const recent = new RecentStretches(4_000);
  recent.keep('p', 0n, { records: [record(0, 500)], next: 1n });
  recent.keep('q', 0n, { records: [record(0, 500)], next: 1n });
  recent.keep('p', 1n, { records: [record(1, 500)], next: 2n });
  expect(recent.from('p', 0n, MANY)).toBeUndefined();
  expect(recent.from('q', 0n, MANY)?.records).toHaveLength(1);
  expect(recent.from('p', 1n, MANY)?.records).toHaveLength(1);

  recent.keep('p', 2n, { records: [record(2, 9_000)], next: 3n });
  expect(['p', 'q'].map((one) => recent.from(one, 0n, MANY))).toEqual([undefined, undefined]);
  expect(recent.from('p', 2n, MANY)).toBeUndefined();
  recent.keep('p', 3n, { records: [record(3)], next: 4n });
  expect(recent.from('p', 3n, MANY)?.records).toHaveLength(1);
});

it('keeps nothing of what it is told to forget', () => {
  const recent = new RecentStretches();
  recent.keep('p', 0n, { records: records(0), next: 1n });
  recent.clear();
  expect(recent.from('p', 0n, MANY)).toBeUndefined();
});
