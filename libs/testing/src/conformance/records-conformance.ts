import { randomBytes } from 'node:crypto';
import { expect } from '@jest/globals';
import type { OutgoingRecord } from '@regulars/messaging';
import { eventually } from '../eventually.js';
import { bestTime } from './best-time.js';
import { holds } from './conformance-test.js';
import type { Suite } from './describe-log-conformance.js';
import { PARTITIONS } from './scene.js';
import { StoredOffsets } from './stored-offsets.js';

const hex = (bytes: Uint8Array | null) =>
  bytes === null ? null : Buffer.from(bytes).toString('hex');

const plain = ({ key, value, headers }: Pick<OutgoingRecord, 'key' | 'value' | 'headers'>) => ({
  key: hex(key),
  value: hex(value),
  headers: Object.fromEntries(Object.entries(headers).map(([name, data]) => [name, hex(data)])),
});

export function describeRecords(suite: Suite): void {
  holds(suite, 'M1', 'bytes of key, value and headers come back unchanged', async (scene) => {
    const odd = Buffer.concat([Buffer.from([0, 255, 128, 10]), randomBytes(64)]);
    const record = (
      key: Buffer | null,
      value: Buffer | null,
      headers: OutgoingRecord['headers'] = {},
    ) => ({ topic: scene.topic, key, value, headers }) satisfies OutgoingRecord;
    const sent = [
      record(odd, odd, { binary: odd, empty: Buffer.alloc(0) }),
      record(Buffer.alloc(0), Buffer.alloc(0)),
      record(Buffer.from('tombstone'), null),
      record(null, Buffer.from('no key')),
      record(Buffer.from('{"id":1}'), Buffer.from('{"not":"parsed"}'), { type: Buffer.from('{') }),
      record(Buffer.from('large'), randomBytes(256 * 1024)),
    ];
    const before = Date.now();
    await scene.publish(sent);

    const reader = await scene.reader(new StoredOffsets());
    await eventually(() => reader.records.length >= sent.length);

    const sorted = (records: Parameters<typeof plain>[0][]) =>
      records.map(plain).sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
    expect(sorted(reader.records)).toEqual(sorted(sent));
    for (const { timestamp } of reader.records) {
      expect(Math.abs(timestamp.getTime() - before)).toBeLessThan(60_000);
    }
  });

  holds(
    suite,
    'M2',
    'a new group starts at the beginning; two groups each get everything',
    async (scene) => {
      const values = Array.from({ length: 40 }, (_, index) => `v${String(index)}`);
      await scene.publish(values.slice(0, 20).map((value) => scene.record(value, value)));

      const one = await scene.reader(new StoredOffsets(), { group: `${scene.group}-one` });
      const two = await scene.reader(new StoredOffsets(), { group: `${scene.group}-two` });
      await scene.publish(values.slice(20).map((value) => scene.record(value, value)));

      await eventually(() => {
        expect(one.values().sort()).toEqual([...values].sort());
        expect(two.values().sort()).toEqual([...values].sort());
      });
      const ends = await scene.log.endOffsets([scene.topic]);
      expect(ends).toHaveLength(PARTITIONS);
      expect(ends.reduce((sum, { offset }) => sum + offset, 0n)).toBe(40n);
    },
  );

  holds(
    suite,
    'M21',
    'batches respect their count, and a trickle arrives at once',
    async (scene) => {
      await scene.publish(Array.from({ length: 25 }, () => scene.record('one key')));
      const reader = await scene.reader(new StoredOffsets(), { maxRecords: 10 });
      await eventually(() => reader.records.length === 25);
      expect(reader.batches.every(({ records }) => records.length <= 10)).toBe(true);

      const producer = await scene.log.producer();
      const arrives = async (key: string): Promise<void> => {
        await producer.send([scene.record(key, key)]);
        await eventually(() => reader.values().at(-1) === key);
      };
      await arrives('warm');
      expect(await bestTime(1_000, arrives)).toBeLessThan(1_000);
    },
  );
}
