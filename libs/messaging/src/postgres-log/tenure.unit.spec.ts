import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import type { LogRecord, RecordBatch } from '../event-log.js';
import { AppendSignals } from './append-signals.js';
import type { Wanted } from './log-store.js';
import { Tenure } from './tenure.js';

const topic = { id: 1, name: 'purchase', partitions: 3, compact: false, maxMessageBytes: 1_000 };
const record = (partition: number, offset: bigint): LogRecord => ({
  topic: topic.name,
  partition,
  offset,
  key: Buffer.from('key'),
  value: Buffer.from('value'),
  headers: {},
  timestamp: new Date(0),
});

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A member that owns three partitions, each of which has one record more whenever it is told to have grown. */
function member() {
  const signals = new AppendSignals('', 'not connected');
  const fetches: number[][] = [];
  const handed: { partitions: number[]; finish: () => void }[] = [];
  const onBatches = (batches: readonly RecordBatch[]) =>
    new Promise<bigint[]>((resolve) => {
      handed.push({
        partitions: batches.map(({ partition }) => partition),
        finish: () => {
          resolve(batches.map(({ nextOffset }) => nextOffset));
        },
      });
    });
  const tenure = new Tenure({
    consumer: {
      group: 'test',
      topics: [topic.name],
      onBatch: async (batch) => (await onBatches([batch]))[0] ?? 0n,
      onBatches,
      storedOffsets: () => Promise.resolve([]),
      onFatal: () => undefined,
    },
    signals,
    partitions: [0, 1, 2].map((partition): Wanted => ({ topic, partition, position: 0n })),
    fetch: (wanted) => {
      fetches.push(wanted.map(({ partition }) => partition));
      return Promise.resolve(
        wanted.map(({ partition, position }) => ({
          topic: topic.name,
          partition,
          records: [record(partition, position)],
          nextOffset: position + 1n,
          end: position + 1n,
        })),
      );
    },
    ranges: () => Promise.resolve([]),
    reached: () => undefined,
    polled: () => undefined,
    owned: () => true,
  });
  const grow = (partition: number) => signals.emit('ends', [{ topicId: 1, partition, end: 1n }]);
  return { tenure, fetches, handed, grow };
}

it('hands on at once what comes alone, and gathers what comes while it is in work, for 50 ms at most', async () => {
  const { tenure, fetches, handed, grow } = member();
  const run = tenure.run();
  await jest.advanceTimersByTimeAsync(0);

  grow(0);
  await jest.advanceTimersByTimeAsync(0);
  expect(fetches).toEqual([[0]]);

  grow(1);
  await jest.advanceTimersByTimeAsync(20);
  grow(2);
  await jest.advanceTimersByTimeAsync(20);
  expect(fetches).toEqual([[0]]);
  // The handler of the first hangs: it must not keep the others.
  await jest.advanceTimersByTimeAsync(12);
  expect(fetches).toEqual([[0], [1, 2]]);
  expect(handed.map(({ partitions }) => partitions)).toEqual([[0], [1, 2]]);

  tenure.end();
  for (const { finish } of handed) finish();
  await run;
});

it('goes on with what has gathered as soon as the work is done', async () => {
  const { tenure, fetches, handed, grow } = member();
  const run = tenure.run();
  await jest.advanceTimersByTimeAsync(0);
  grow(0);
  await jest.advanceTimersByTimeAsync(0);
  grow(1);
  grow(2);
  await jest.advanceTimersByTimeAsync(5);

  handed[0]?.finish();
  await jest.advanceTimersByTimeAsync(0);

  expect(fetches).toEqual([[0], [1, 2]]);
  tenure.end();
  for (const { finish } of handed) finish();
  await run;
});
