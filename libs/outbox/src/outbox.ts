import {
  encodeBody,
  maxEventBytes,
  tombstoneType,
  topics,
  versionOf,
  type NewEvent,
  type NewTombstone,
} from '@regulars/contracts';
import { newId, RegularsError } from '@regulars/kernel';
import { array, sql, type Transaction } from '@regulars/persistence';
import { wakeUps } from './wake-ups.js';

/** A row of the outbox before it has a sequence. */
interface Row {
  readonly id: string;
  readonly topic: string;
  readonly key: string | Uint8Array | null;
  readonly type: string;
  readonly version: number;
  readonly trace: string | null;
  readonly value: string | Uint8Array | null;
  readonly extraHeaders: string | null;
}

/** A record that is no event of ours: the notice of a dead letter. */
export interface Notice {
  readonly topic: string;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly type: string;
  readonly headers: Readonly<Record<string, Uint8Array>>;
}

/**
 * What this transaction tells other services. The row of each event's key (the customer; on `product` the product)
 * must have been locked by an **earlier statement** of the transaction: the sequence is drawn here, and per key it
 * must rise in the order of commits.
 */
export const outbox = (tx: Transaction) => ({
  async add(events: readonly (NewEvent | NewTombstone)[]): Promise<void> {
    this.send(events);
    await tx.flush();
  },

  /** As {@link add}, with the next statement or the commit: {@link Transaction.send}. */
  send(events: readonly (NewEvent | NewTombstone)[]): void {
    const recordedAt = tx.clock.now();
    insert(
      tx,
      events.map((event) => toRow(event, recordedAt, tx.service)),
    );
  },

  async addNotices(notices: readonly Notice[]): Promise<void> {
    insert(tx, notices.map(noticeRow));
    await tx.flush();
  },
});

function toRow(event: NewEvent | NewTombstone, recordedAt: Date, source: string): Row {
  const id = newId();
  const value = event.type === tombstoneType ? null : encodeBody(event, recordedAt, source, id);
  const bytes = value === null ? 0 : Buffer.byteLength(value);
  if (bytes > maxEventBytes) {
    throw new RegularsError(
      'event-too-large',
      `${event.stream}/${event.type} has ${String(bytes)} bytes; at most ${String(maxEventBytes)} are allowed.`,
    );
  }
  return {
    id,
    topic: topics[event.stream].name,
    key: event.key,
    type: event.type,
    version: versionOf(event),
    trace: event.causedBy?.trace ?? null,
    value,
    extraHeaders: null,
  };
}

function noticeRow(notice: Notice): Row {
  const headers = Object.entries(notice.headers).map(([name, value]) => [
    name,
    Buffer.from(value).toString('base64'),
  ]);
  return {
    id: newId(),
    topic: notice.topic,
    key: notice.key,
    type: notice.type,
    version: 1,
    trace: null,
    value: notice.value,
    extraHeaders: JSON.stringify(Object.fromEntries(headers)),
  };
}

function insert(tx: Transaction, rows: readonly Row[]): void {
  if (rows.length === 0) return;
  tx.send(sql`
    with counted as (
      insert into outbox_counts as c (backend, written) values (pg_backend_pid(), ${rows.length})
      on conflict (backend) do update set written = c.written + excluded.written)
    insert into outbox (epoch, id, topic, key, type, version, trace, value, extra_headers)
    select (select epoch from outbox_epoch), id, topic, key, type, version, trace, value, extra_headers
    from unnest(${array.plain(rows.map(({ id }) => id))}::uuid[], ${array.text(rows.map(({ topic }) => topic))}::text[],
                ${array.bytes(rows.map(({ key }) => key))}::bytea[], ${array.text(rows.map(({ type }) => type))}::text[],
                ${array.plain(rows.map(({ version }) => version))}::integer[],
                ${array.text(rows.map(({ trace }) => trace))}::text[],
                ${array.bytes(rows.map(({ value }) => value))}::bytea[],
                ${array.text(rows.map(({ extraHeaders }) => extraHeaders))}::text[]::jsonb[])
      with ordinality as row (id, topic, key, type, version, trace, value, extra_headers, position)
    order by position`);
  tx.afterCommit(() => wakeUps.emit(tx.service));
}
