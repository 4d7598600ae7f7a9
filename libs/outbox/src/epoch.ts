import { sql, type Database } from '@regulars/persistence';

/**
 * Raises the epoch to max(stored + 1, Unix seconds of the database's clock). Called at every start, before anything
 * is written: sequences that a restored database draws again still make newer events (architecture, section 3).
 */
export async function raiseEpoch(database: Database): Promise<number> {
  const [row] = await database.query<{ epoch: number }>(sql`
    update outbox_epoch
    set epoch = greatest(epoch + 1, extract(epoch from clock_timestamp())::bigint) returning epoch`);
  if (!row) throw new Error('The table outbox_epoch has lost its row; restore it with epoch 0.');
  return row.epoch;
}
