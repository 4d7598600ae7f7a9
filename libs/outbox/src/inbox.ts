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
    const known = await raisePositions(tx, stream, newestOf(events));
    const newest = new Map<string, EventPosition>();
    const fresh = events.filter((event) => {
      // A key that was not raised has nothing newer in this batch.
      if (!known.has(event.key)) return tx.redriving;
      const before = newest.get(event.key) ?? known.get(event.key);
      const newer = before === undefined || isNewer(event, before);
      if (newer) newest.set(event.key, event);
      return newer || tx.redriving;
    });
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

function newestOf(events: readonly Positioned[]): Map<string, EventPosition> {
  const newest = new Map<string, EventPosition>();
  for (const event of events) {
    const held = newest.get(event.key);
    if (held === undefined || isNewer(event, held)) newest.set(event.key, event);
  }
  return newest;
}

/** Locks in key order, raises what is newer, and answers where the raised keys stood before; undefined = nowhere. */
async function raisePositions(
  tx: BatchTransaction,
  stream: string,
  newest: ReadonlyMap<string, EventPosition>,
): Promise<Map<string, EventPosition | undefined>> {
  const positions = [...newest];
  const rows = await tx.query<{ key: string; epoch: number | null; sequence: number | null }>(sql`
    insert into inbox (consumer, stream, key, epoch, sequence)
    select ${tx.group}, ${stream}, key, epoch, sequence
    from unnest(${positions.map(([key]) => key)}::text[], ${positions.map(([, at]) => at.epoch)}::bigint[],
                ${positions.map(([, at]) => at.sequence)}::bigint[]) as raised (key, epoch, sequence)
    order by key collate "C"
    on conflict (consumer, stream, key) do update set epoch = excluded.epoch, sequence = excluded.sequence
      where (excluded.epoch, excluded.sequence) > (inbox.epoch, inbox.sequence)
    returning new.key, old.epoch, old.sequence`);
  return new Map(
    rows.map(({ key, epoch, sequence }) => [
      key,
      epoch === null || sequence === null ? undefined : { epoch, sequence },
    ]),
  );
}
