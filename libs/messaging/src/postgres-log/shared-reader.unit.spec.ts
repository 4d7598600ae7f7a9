import { expect, it } from '@jest/globals';
import type { LogRecord } from '../event-log.js';
import type { Fetched, Wanted } from './log-store.js';
import { SharedReader, type WantedStretch } from './shared-reader.js';

const topic = { id: 1, name: 'purchase', partitions: 3, compact: false, maxMessageBytes: 1_000 };
const LIMITS = { maxRecords: 500, maxBytes: 1_000_000 };
const VALUE = Buffer.alloc(100);

/** A log of three partitions with records from 0 to before `end`, of which each reading is noted and can be held up. */
function tables(end = 10) {
  const readings: string[] = [];
  const state = { end, failing: false };
  const record = (partition: number, offset: number): LogRecord => ({
    topic: topic.name,
    partition,
    offset: BigInt(offset),
    key: null,
    value: VALUE,
    headers: {},
    timestamp: new Date(0),
  });
  const read = async (wanted: readonly Wanted[], { maxRecords }: { maxRecords: number }) => {
    readings.push(wanted.map((one) => `${String(one.partition)}@${String(one.position)}`).join());
    const { end: endNow, failing } = state;
    await Promise.resolve();
    if (failing) throw new Error('The tables do not answer.');
    return wanted.map(({ partition, position }): Fetched => {
      const to = Math.min(endNow, Number(position) + maxRecords);
      const offsets = Array.from({ length: to - Number(position) }, (_, n) => Number(position) + n);
      const records = offsets.map((offset) => record(partition, offset));
      return {
        topic: topic.name,
        partition,
        records,
        nextOffset: BigInt(to),
        end: BigInt(endNow),
      };
    });
  };
  return { readings, state, reader: new SharedReader(read) };
}

const want = (partition: number, position: number, end: number): WantedStretch => ({
  topic,
  partition,
  position: BigInt(position),
  end: BigInt(end),
});
const offsets = (fetched: Fetched | undefined) =>
  fetched?.records.map(({ offset }) => Number(offset));

it('reads a record once for all who come by', async () => {
  const { reader, readings } = tables();
  const [first] = await reader.fetch([want(0, 0, 10)], LIMITS);
  expect(first).toMatchObject({ nextOffset: 10n, end: 10n });
  expect(offsets(first)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);

  const [second] = await reader.fetch([want(0, 4, 10)], LIMITS);
  expect(second).toMatchObject({ nextOffset: 10n, end: 10n });
  expect(second?.records[0]).toBe(first?.records[4]);
  expect(readings).toEqual(['0@0']);
});

it('lets who wants what is being read wait for it', async () => {
  const { reader, readings } = tables();
  const all = await Promise.all([
    reader.fetch([want(0, 0, 10), want(1, 0, 10)], LIMITS),
    reader.fetch([want(1, 0, 10)], LIMITS),
    reader.fetch([want(1, 3, 10), want(2, 0, 10)], LIMITS),
  ]);
  expect(readings).toEqual(['0@0,1@0', '2@0']);
  expect(all.map((found) => found.map(({ partition }) => partition))).toEqual([
    [0, 1],
    [1],
    [1, 2],
  ]);
  expect(offsets(all[2][0])).toEqual([3, 4, 5, 6, 7, 8, 9]);
});

it('asks for the rest where more is there than it knows', async () => {
  const { reader, readings, state } = tables();
  await reader.fetch([want(0, 0, 10)], LIMITS);
  state.end = 12;
  const [found] = await reader.fetch([want(0, 8, 12)], LIMITS);
  expect(offsets(found)).toEqual([8, 9, 10, 11]);
  expect(found).toMatchObject({ nextOffset: 12n, end: 12n });
  expect(readings).toEqual(['0@0', '0@10']);
});

it('hands out no more than is asked for, and where to go on', async () => {
  const { reader } = tables();
  await reader.fetch([want(0, 0, 10)], LIMITS);
  const [few] = await reader.fetch([want(0, 2, 10)], { ...LIMITS, maxRecords: 3 });
  expect(offsets(few)).toEqual([2, 3, 4]);
  expect(few?.nextOffset).toBe(5n);
  const [small] = await reader.fetch([want(0, 2, 10)], { ...LIMITS, maxBytes: 150 });
  expect(offsets(small)).toEqual([2, 3]);
  expect(small?.nextOffset).toBe(4n);
});

it('hands out no more than is asked for where part of it is read', async () => {
  const { reader, state } = tables(4);
  await reader.fetch([want(0, 0, 4)], LIMITS);
  state.end = 10;
  const [found] = await reader.fetch([want(0, 2, 10)], { ...LIMITS, maxRecords: 3 });
  expect(offsets(found)).toEqual([2, 3, 4]);
  expect(found?.nextOffset).toBe(5n);
});

it('leaves the failure of a reading to who reads; others read by themselves', async () => {
  const { reader, readings, state } = tables();
  state.failing = true;
  const failing = reader.fetch([want(0, 0, 10)], LIMITS);
  state.failing = false;
  const waiting = reader.fetch([want(0, 0, 10)], LIMITS);
  await expect(failing).rejects.toThrow('do not answer');
  expect(offsets((await waiting)[0])).toHaveLength(10);
  expect(readings).toEqual(['0@0', '0@0']);
});

it('reads again what it was told to forget', async () => {
  const { reader, readings } = tables();
  await reader.fetch([want(0, 0, 10)], LIMITS);
  reader.forget();
  await reader.fetch([want(0, 0, 10)], LIMITS);
  expect(readings).toEqual(['0@0', '0@0']);
});
