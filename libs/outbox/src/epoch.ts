import { sql, type Transaction } from '@regulars/persistence';

type Queries = Pick<Transaction, 'query'>;

/**
 * Cluster and timeline of the database: another one after a failover, a restore to a point in time, or a move to another
 * cluster. Asked of the write-ahead log itself; the control file learns of a promotion late.
 */
const timeline = sql`(select system_identifier::text || '/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)
  from pg_control_system())`;

/** Higher than every epoch that this database, or the one it was copied from, has written under so far. */
const higher = sql`greatest(epoch + 1, extract(epoch from clock_timestamp())::bigint)`;

/**
 * Raises the epoch to max(stored + 1, Unix seconds of the database's clock). Called at every start, before anything
 * is written: sequences that a restored database draws again still make newer events (architecture, section 3).
 */
export async function raiseEpoch(database: Queries): Promise<number> {
  const [row] = await database.query<{ epoch: number }>(sql`
    with now as (select ${timeline} as timeline)
    update outbox_epoch e
    set epoch = ${higher}, timeline = now.timeline,
        restored_at = case when e.timeline <> now.timeline then coalesce(e.restored_at, clock_timestamp())
                      else e.restored_at end
    from now returning e.epoch`);
  if (!row) throw new Error('The table outbox_epoch has lost its row; restore it with epoch 0.');
  return row.epoch;
}

/** For each new connection: raises the epoch if it leads to another timeline than the stored one. Whether it did. */
export async function followTimeline(query: Transaction['query']): Promise<boolean> {
  const raised = await query(sql`
    with now as (select ${timeline} as timeline)
    update outbox_epoch e
    set epoch = ${higher}, timeline = now.timeline, restored_at = coalesce(e.restored_at, clock_timestamp())
    from now where e.timeline <> now.timeline returning e.epoch`);
  return raised.length > 0;
}

/** Since when what was done may be missing here; undefined: nothing is, or it was made up for. */
export async function restoredAt(database: Queries): Promise<Date | undefined> {
  const [row] = await database.query<{ at: Date | null }>(
    sql`select restored_at as at from outbox_epoch`,
  );
  return row?.at ?? undefined;
}

/** Somebody restored a backup on the same timeline and says so. */
export async function markRestored(database: Queries): Promise<void> {
  await database.query(
    sql`update outbox_epoch set restored_at = coalesce(restored_at, clock_timestamp())`,
  );
}

/** What was missing has been made up for. */
export async function settleRestored(tx: Queries): Promise<void> {
  await tx.query(sql`update outbox_epoch set restored_at = null where restored_at is not null`);
}
