import type { BatchTransaction } from '@regulars/messaging';
import { sql, type Transaction } from '@regulars/persistence';

/** What duplicate drop needs of an event. */
interface Positioned {
  readonly stream: string;
  readonly key: string;
  readonly epoch: number;
  readonly sequence: number;
}

/** (`epoch`, `sequence`): rises per stream and key. */
export interface EventPosition {
  readonly epoch: number;
  readonly sequence: number;
}

/** Whether `a` is newer than `b`. */
export function isNewer(a: EventPosition, b: EventPosition): boolean {
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.sequence > b.sequence);
}

/** Drops what this consumer has seen, in the transaction of the effect: effect once per event, for ever. */
export const inbox = (tx: BatchTransaction) => ({
  /**
   * Locks the positions of the events' keys (first in the lock order) and returns the events that are newer, in
   * order. The rest is noted as duplicate. A redriven event always passes: its dead-letter row is its "once".
   */
  async takeFresh<E extends Positioned>(events: readonly E[]): Promise<E[]> {
    const stream = events[0]?.stream;
    if (stream === undefined) return [];
    const keys = [...new Set(events.map(({ key }) => key))].sort();
    const known = await lockPositions(tx, stream, keys);
    const newest = new Map<string, EventPosition>();
    const fresh = events.filter((event) => {
      const before = newest.get(event.key) ?? known.get(event.key);
      const newer = before === undefined || isNewer(event, before);
      if (newer) newest.set(event.key, event);
      return newer || tx.redriving;
    });
    await raisePositions(tx, stream, newest);
    tx.note('duplicate', events.length - fresh.length);
    return fresh;
  },
});

/** The newest event of each key that the consumer has seen; keys never seen are absent. */
export async function inboxPositions(
  tx: Pick<Transaction, 'query'>,
  consumer: string,
  stream: string,
  keys: readonly string[],
): Promise<Map<string, EventPosition>> {
  const rows = await tx.query<EventPosition & { key: string }>(sql`
    select key, epoch, sequence from inbox
    where consumer = ${consumer} and stream = ${stream} and key = any(${keys}::text[])`);
  return new Map(rows.map((row) => [row.key, row]));
}

async function lockPositions(
  tx: BatchTransaction,
  stream: string,
  keys: readonly string[],
): Promise<Map<string, EventPosition>> {
  const lock = () =>
    tx.query<EventPosition & { key: string }>(sql`
      select key, epoch, sequence from inbox
      where consumer = ${tx.group} and stream = ${stream} and key = any(${keys}::text[])
      order by key collate "C" for update`);
  let rows = await lock();
  if (rows.length < keys.length) {
    await tx.query(sql`
      insert into inbox (consumer, stream, key, epoch, sequence)
      select ${tx.group}, ${stream}, key, -1, -1 from unnest(${keys}::text[]) as wanted(key)
      order by key collate "C" on conflict do nothing`);
    rows = await lock();
  }
  return new Map(rows.map((row) => [row.key, row]));
}

async function raisePositions(
  tx: BatchTransaction,
  stream: string,
  newest: ReadonlyMap<string, EventPosition>,
): Promise<void> {
  if (newest.size === 0) return;
  const rows = [...newest];
  await tx.query(sql`
    update inbox set epoch = raised.epoch, sequence = raised.sequence
    from unnest(${rows.map(([key]) => key)}::text[], ${rows.map(([, at]) => at.epoch)}::bigint[],
                ${rows.map(([, at]) => at.sequence)}::bigint[]) as raised(key, epoch, sequence)
    where inbox.consumer = ${tx.group} and inbox.stream = ${stream} and inbox.key = raised.key`);
}
