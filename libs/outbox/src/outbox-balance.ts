import type { Balance } from '@regulars/kernel';
import { sql, type Database, type Transaction } from '@regulars/persistence';

interface Counts {
  readonly written: number;
  readonly acknowledged: number;
  readonly setAside: number;
  readonly unsent: number;
}

/** Outbox rows = acknowledged + set aside + unsent. One statement: it balances at any moment, also under load. */
export async function outboxBalance(database: Pick<Transaction, 'query'>): Promise<Balance> {
  const [row] = await database.query<Counts>(sql`
    select coalesce(sum(written), 0)::bigint as written, coalesce(sum(acknowledged), 0)::bigint as acknowledged,
           (select count(*) from outbox_refused) as "setAside", (select count(*) from outbox) as unsent
    from outbox_counts`);
  const { written, acknowledged, setAside, unsent } = row ?? none;
  const missing = written - acknowledged - setAside - unsent;
  const finding = `rows written against rows that are accounted for: ${String(written)}, ${String(written - missing)}`;
  return {
    sum: 'outbox',
    of: '',
    whole: written,
    parts: { acknowledged, 'set-aside': setAside, unsent },
    gaps: missing === 0 ? [] : [{ records: missing, finding }],
  };
}

const none: Counts = { written: 0, acknowledged: 0, setAside: 0, unsent: 0 };

/**
 * Adds up the counts of connections that have ended, so that their rows do not pile up. One whose number was given to a
 * new connection is left to it: waiting for it here, with others locked, could be a deadlock.
 */
export async function foldOutboxCounts(database: Database): Promise<void> {
  await database.withTransaction(async (tx) => {
    await tx.query(sql`
      with ended as (
        select backend from outbox_counts
        where backend <> 0 and backend not in (select pid from pg_stat_activity)
        for update skip locked),
      folded as (
        delete from outbox_counts c using ended where c.backend = ended.backend
        returning c.written, c.acknowledged)
      update outbox_counts c set written = c.written + f.written, acknowledged = c.acknowledged + f.acknowledged
      from (select sum(written) as written, sum(acknowledged) as acknowledged from folded) f
      where c.backend = 0 and f.written is not null`);
  });
}
