import { sql, type Database } from '@regulars/persistence';
import type { OutgoingRecord } from '@regulars/messaging';

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

/** What the relay reads and removes. */
export const relayStore = (database: Database) => ({
  /** All visible unsent rows in sequence order: the one way of reading that neither loses nor reorders. */
  async readUnsent(limit: number): Promise<UnsentRow[]> {
    const rows = await database.query<Row>(sql`
      select sequence, epoch, id, topic, key, type, version, trace, value, extra_headers as "extraHeaders"
      from outbox order by sequence limit ${limit}`);
    return rows.map((row) => ({ sequence: row.sequence, record: toRecord(row) }));
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

  async unsent(): Promise<{ count: number; oldest: Date | null; refused: number }> {
    const [row] = await database.query<{ count: number; oldest: Date | null; refused: number }>(sql`
      select count(*) as count, min(created_at) as oldest,
             (select count(*) from outbox_refused) as refused from outbox`);
    return row ?? { count: 0, oldest: null, refused: 0 };
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
