import { array, identifier, sql, type Database, type Sql } from '@regulars/persistence';
import type { OutboxRow, OutgoingRecord } from '@regulars/messaging';
import type { Look } from './backlog.js';

export interface UnsentRow {
  readonly sequence: number;
  readonly record: OutgoingRecord;
}

interface Row {
  readonly sequence: number;
  readonly epoch: number;
  readonly id: string;
  readonly topic: string;
  readonly key: Buffer | null;
  readonly type: string;
  readonly version: number;
  readonly trace: string | null;
  readonly value: Buffer | null;
  readonly extraHeaders: Record<string, string> | null;
}

/** What has to be known of a row that is moved as it stands. */
export interface MovableRow extends OutboxRow {
  /** Its headers are columns, and in ASCII: SQL can write them as the log has them. */
  readonly plain: boolean;
}

/**
 * All visible unsent rows in sequence order: the one way of reading that neither loses nor reorders. `passed` only
 * spares the reading of what is dead: see PassedMark.
 */
const unsent = (passed: number, limit: number) =>
  sql`from outbox where sequence > ${passed} order by sequence limit ${limit}`;

/** What the relay reads and removes. */
export const relayStore = (database: Database) => ({
  async readUnsent(limit: number, passed = 0): Promise<UnsentRow[]> {
    const rows = await database.query<Row>(sql`
      select sequence, epoch, id, topic, key, type, version, trace, value, extra_headers as "extraHeaders"
      ${unsent(passed, limit)}`);
    return rows.map((row) => ({ sequence: row.sequence, record: toRecord(row) }));
  },

  /** The same rows without their content. */
  async readMovable(limit: number, passed = 0): Promise<MovableRow[]> {
    return database.query<MovableRow>(sql`
      select sequence, epoch, topic, key,
        coalesce(octet_length(key), 0) + coalesce(octet_length(value), 0) + octet_length(concat(type, trace)) as size,
        coalesce(extra_headers, '{}') = '{}' and octet_length(concat(type, trace)) = length(concat(type, trace)) as plain
      ${unsent(passed, limit)}`);
  },

  /** How the statement begins that moves these rows to a log in the same database, whose schema is another one. */
  removing(rows: readonly OutboxRow[]): Sql {
    const { schema } = database.options;
    return sql`
      with removed as (
        delete from ${identifier(schema, 'outbox')}
        where sequence = any(${array.plain(rows.map(({ sequence }) => sequence))}::bigint[])
        returning sequence, epoch, id, key, type, version, trace, value),
      counted as (
        insert into ${identifier(schema, 'outbox_counts')} as c (backend, acknowledged)
        select pg_backend_pid(), count(*) from removed
        on conflict (backend) do update set acknowledged = c.acknowledged + excluded.acknowledged)`;
  },

  /** Only what the log has acknowledged. */
  async removeSent(sequences: readonly number[]): Promise<void> {
    await database.query(sql`
      with removed as (delete from outbox where sequence = any(${sequences}::bigint[]) returning sequence)
      insert into outbox_counts as c (backend, acknowledged)
      select pg_backend_pid(), count(*) from removed
      on conflict (backend) do update set acknowledged = c.acknowledged + excluded.acknowledged`);
  },

  async setAside(sequence: number, reason: string): Promise<void> {
    await database.withTransaction(async (tx) => {
      await tx.query(sql`
        with refused as (delete from outbox where sequence = ${sequence} returning *)
        insert into outbox_refused (sequence, epoch, id, topic, key, type, reason)
        select sequence, epoch, id, topic, key, type, ${reason} from refused`);
    });
  },

  /**
   * How many wait, and since when. What was written less what became of it: counting them would read all, and the dead
   * ones between them. Whether any waits at all is asked of the rows themselves.
   */
  async unsent(passed = 0): Promise<{ count: number; oldest: Date | null; refused: number }> {
    const [row] = await database.query<{ count: number; oldest: Date | null; refused: number }>(sql`
      with first as materialized (
        select created_at from outbox where sequence > ${passed} order by sequence limit 1),
      refused as (select count(*) as count from outbox_refused),
      kept as (select sum(written) - sum(acknowledged) as count from outbox_counts)
      select case when first.created_at is null then 0 else greatest(1, kept.count - refused.count) end::bigint as count,
             first.created_at as oldest, refused.count as refused
      from refused cross join kept left join first on true`);
    return row ?? { count: 0, oldest: null, refused: 0 };
  },

  /** The oldest row and how many numbers were drawn since: one index probe, where counting would read all of them. */
  async look(passed = 0): Promise<Look> {
    const [row] = await database.query<Look>(sql`
      select oldest.sequence as first, drawn.last_value - oldest.sequence + 1 as rows,
             (extract(epoch from clock_timestamp() - oldest.created_at) * 1000)::float8 as "ageMs"
      from (select sequence, created_at from outbox where sequence > ${passed} order by sequence limit 1) oldest
      cross join outbox_sequence_seq drawn`);
    return row ?? { first: undefined, rows: 0, ageMs: 0 };
  },

  async isEmpty(): Promise<boolean> {
    const [row] = await database.query<{ any: boolean }>(
      sql`select exists (select 1 from outbox) as any`,
    );
    return row?.any !== true;
  },
});

function toRecord(row: Row): OutgoingRecord {
  const text = (value: string | number): Uint8Array => Buffer.from(String(value));
  const extra = Object.entries(row.extraHeaders ?? {}).map(
    ([name, value]) => [name, Buffer.from(value, 'base64')] as const,
  );
  return {
    topic: row.topic,
    key: row.key,
    value: row.value,
    headers: {
      ...Object.fromEntries(extra),
      type: text(row.type),
      version: text(row.version),
      id: text(row.id),
      epoch: text(row.epoch),
      sequence: text(row.sequence),
      ...(row.trace === null ? {} : { trace: text(row.trace) }),
    },
  };
}
