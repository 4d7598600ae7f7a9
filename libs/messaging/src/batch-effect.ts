import type { Stream } from '@regulars/contracts';
import { topicByName } from '@regulars/contracts';
import type { Database, Transaction } from '@regulars/persistence';
import type { Outcome } from './batch-handler.js';
import type { RunHandler } from './consumer-settings.js';
import { consumerStore, type BrakeLimits, type Step } from './consumer-store.js';
import { deadLetterStore } from './dead-letter-store.js';
import type { LogRecord, RecordBatch } from './event-log.js';
import { park, type Sorted } from './parking.js';
import { mayBeKept } from './personal.js';
import type { Decoded } from './record-decoder.js';

/** The batch is no longer ours: stop without an effect and without a word. */
export class NotOwned extends Error {}

/** Some of the events must wait behind a dead one: each partition is counted by itself. */
class Parted extends Error {}

/** The brake is on: an operator must clear it. */
export class Braked extends Error {}

/** A stretch of one partition on its way through a transaction. */
export interface Part {
  readonly batch: RecordBatch;
  readonly items: readonly Decoded[];
  /** The offset after it. */
  readonly next: bigint;
}

export interface EffectOptions {
  readonly group: string;
  readonly database: Database;
  readonly handlers: ReadonlyMap<Stream, RunHandler>;
  readonly brake: BrakeLimits;
  deadLetter(tx: Transaction, record: LogRecord, error: Error): Promise<void>;
}

/**
 * The one transaction: positions are locked, what lies ahead of them is handled and counted, positions are raised.
 * Parts are of one topic and of different partitions. Answers what was counted.
 */
export async function applyParts(
  parts: readonly Part[],
  options: EffectOptions,
): Promise<ReadonlyMap<Outcome, number>> {
  const { database, group, brake } = options;
  const topic = parts[0]?.batch.topic ?? '';
  const counts = new Map<Outcome, number>();
  await database.withTransaction(async (tx) => {
    counts.clear();
    const store = consumerStore(tx, group);
    const locked = await store.lockPositions(
      topic,
      parts.map(({ batch }) => batch.partition),
    );
    if (locked.brake !== undefined) throw new Braked(locked.brake);
    const positions = parts.map(({ batch }) => locked.positions.get(batch.partition) ?? 0n);
    const ahead = parts.map(({ items }, index) =>
      items.filter((item) => item.record.offset >= (positions[index] ?? 0n)),
    );
    const { go, parked } = await sortOut(tx, topic, ahead.flat(), options);
    if (parked.length > 0 && parts.length > 1) throw new Parted();
    await runHandler(topic, go, { tx, counts, options });
    for (const item of go) {
      if (item.kind !== 'undecodable') continue;
      await options.deadLetter(tx, item.record, item.error);
      add(counts, 'dead-lettered', 1);
    }
    await deadLetterStore(tx, group).park(parked, mayBeKept(topic));
    add(counts, 'parked', parked.length);
    const stretches = parts.map(({ batch, next }, index) => ({
      partition: batch.partition,
      from: positions[index] ?? 0n,
      next,
      size: ahead[index]?.length ?? 0,
    }));
    await store.advance(topic, steps(stretches, counts));
    if ((counts.get('dead-lettered') ?? 0) > 0)
      for (const { batch } of parts) await store.brakeIfTooMany(batch, brake);
    // After the work and before the commit: an owner that lost a partition meanwhile has no effect.
    if (!parts.every(({ batch }) => batch.isOwned())) throw new NotOwned();
  });
  return counts;
}

/** Of a consumer that parks, what is of a blocked key is parked; of any other, everything goes on. */
async function sortOut(
  tx: Transaction,
  topic: string,
  items: readonly Decoded[],
  { group, handlers }: EffectOptions,
): Promise<Sorted> {
  const stream = topicByName(topic)?.stream;
  if (stream === undefined || handlers.get(stream)?.parks !== true)
    return { go: items, parked: [] };
  const keys = items.flatMap(({ record }) => (record.key === null ? [] : [record.key]));
  return park(items, await deadLetterStore(tx, group).blockedKeys(topic, keys));
}

async function runHandler(
  topic: string,
  items: readonly Decoded[],
  {
    tx,
    counts,
    options,
  }: { tx: Transaction; counts: Map<Outcome, number>; options: EffectOptions },
): Promise<void> {
  const stream = topicByName(topic)?.stream;
  const handler = stream === undefined ? undefined : options.handlers.get(stream);
  const events = items.flatMap((item) => (item.kind === 'event' ? [item.event] : []));
  add(counts, 'not-consumed', items.filter(({ kind }) => kind === 'not-consumed').length);
  if (!handler) {
    add(counts, 'not-consumed', events.length);
    return;
  }
  if (events.length === 0) return;
  let applied = events.length;
  await handler(events, {
    ...tx,
    group: options.group,
    redriving: false,
    note: (outcome, count) => {
      applied -= count;
      add(counts, outcome, count);
    },
  });
  if (applied < 0) throw new RangeError('A handler noted more events than its batch has.');
  add(counts, 'applied', applied);
}

/**
 * What each partition passes. A handler says how many of its events ended how, not which, so a joint run's outcomes
 * are dealt out in turn: every partition's sum is exact, and so is every outcome's sum over the topic.
 */
function steps(stretches: readonly Stretch[], counts: ReadonlyMap<Outcome, number>): Step[] {
  const left = [...counts].map(([outcome, count]) => ({ outcome, count }));
  return stretches.map(({ size, ...stretch }) => {
    const own = new Map<Outcome, number>();
    let room = size;
    for (const entry of left) {
      const share = Math.min(room, entry.count);
      entry.count -= share;
      room -= share;
      add(own, entry.outcome, share);
    }
    const dead = own.get('dead-lettered') ?? 0;
    const deadInRow = dead > 0 && dead === size ? dead : size === 0 ? 0 : 'reset';
    return { ...stretch, counts: own, deadInRow };
  });
}

/** `size` records of a partition, passed on the way from one offset to the next. */
type Stretch = Pick<Step, 'partition' | 'from' | 'next'> & { readonly size: number };

function add(counts: Map<Outcome, number>, outcome: Outcome, count: number): void {
  if (count !== 0) counts.set(outcome, (counts.get(outcome) ?? 0) + count);
}
