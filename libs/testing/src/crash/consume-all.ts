import { topics, type Consumed, type Stream } from '@regulars/contracts';
import {
  BatchProcessor,
  type LogRecord,
  type RecordBatch,
  type RunHandler,
} from '@regulars/messaging';
import type { Database } from '@regulars/persistence';
import type { CrashPoints } from './crash-points.js';

export type AnyEvent = { [S in Stream]: Consumed<S> }[Stream];

export interface Consumption {
  readonly group: string;
  /** The counted one. */
  readonly database: Database;
  readonly points: CrashPoints;
  readonly handlers: ReadonlyMap<Stream, RunHandler>;
  /** What the log hands out at once, in this order. Batches of one stream follow one another in its partition. */
  readonly batches: readonly (readonly AnyEvent[])[];
}

/** What the log remembers of the group: where each partition was acknowledged last. It outlives the process. */
export type Acknowledged = Map<string, bigint>;

/** A consumer from its start to the end of the log: acknowledged late or not at all, a batch comes again. */
export async function consumeAll(
  { group, database, points, handlers, batches }: Consumption,
  acknowledged: Acknowledged,
): Promise<void> {
  const processor = new BatchProcessor({
    group,
    database,
    handlers,
    observer: {
      passed: () => undefined,
      retrying: () => undefined,
      deadLettered: () => undefined,
      blocked: () => undefined,
    },
    notify: () => Promise.reject(new Error('Nothing here may become a dead letter.')),
  });
  for (const batch of inPartitions(batches)) {
    const from = acknowledged.get(batch.topic) ?? 0n;
    if (batch.nextOffset <= from) continue;
    const reached = await processor.process(batch);
    await points.around('acknowledge', () => {
      acknowledged.set(batch.topic, reached);
      return Promise.resolve();
    });
  }
}

function inPartitions(batches: readonly (readonly AnyEvent[])[]): RecordBatch[] {
  const ends = new Map<string, bigint>();
  return batches.flatMap((events) => {
    const topic = events[0] && topics[events[0].stream].name;
    if (topic === undefined) return [];
    const start = ends.get(topic) ?? 0n;
    const nextOffset = start + BigInt(events.length);
    ends.set(topic, nextOffset);
    return [
      {
        topic,
        partition: 0,
        records: events.map((event, index) => recordOf(event, topic, start + BigInt(index))),
        nextOffset,
        isOwned: () => true,
        heartbeat: () => Promise.resolve(),
      },
    ];
  });
}

/** The record that decodes to this event. */
function recordOf(event: AnyEvent, topic: string, offset: bigint): LogRecord {
  const { id, version, epoch, sequence, key, stream, type, ...body } = event;
  const headers = { id, version, epoch, sequence, type };
  return {
    topic,
    partition: 0,
    offset,
    key: Buffer.from(key),
    value: type === 'Tombstone' ? null : Buffer.from(JSON.stringify({ key, ...body })),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, Buffer.from(String(value))]),
    ),
    timestamp: new Date('2026-01-01T00:00:00Z'),
  };
}

/** Every id that the events bring: what is not among them was made on the way. */
export function idsIn(batches: readonly (readonly AnyEvent[])[]): Set<string> {
  return new Set(JSON.stringify(batches).match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g));
}

export type Handlers = Partial<Record<Stream, { handle(events: never, tx: never): Promise<void> }>>;

/** Handlers as the port runs them. */
export function handlersOf(handlers: Handlers): ReadonlyMap<Stream, RunHandler> {
  return new Map(
    Object.entries(handlers).map(([stream, handler]) => [
      stream as Stream,
      (events, tx) => handler.handle(events as never, tx as never),
    ]),
  );
}
