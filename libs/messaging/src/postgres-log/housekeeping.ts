import { sql, type Database } from '@regulars/persistence';

/** Kafka keeps tombstones for a day too: so long may a consumer be away and still learn that a key is gone. */
const TOMBSTONES_KEPT_MS = 86_400_000;

/** How often to look: half of the shortest promise, within reason. */
export async function sweepEveryMs(database: Database): Promise<number> {
  const [row] = await database.query<{ shortest: number | null }>(sql`
    select min(least(retention_ms, max_compaction_lag_ms)) as shortest from topics`);
  return Math.min(600_000, Math.max(1_000, (row?.shortest ?? 600_000) / 2));
}

/** Removes what is past its time: old records of topics with a retention, tombstones of compacted ones. */
export async function sweep(database: Database): Promise<void> {
  await database.withTransaction(async (tx) => {
    const [lock] = await tx.query<{ mine: boolean }>(
      sql`select pg_try_advisory_xact_lock(hashtext('sweep-' || current_schema())) as mine`,
    );
    if (lock?.mine !== true) return;
    // Where nothing young is visible, up to what is visible and no further: `next_offset` may be that of an append whose
    // lock was waited for, and whose records this statement does not see.
    await tx.query(sql`
      with passed as (
        select p.topic_id, p.partition, coalesce(
          (select r."offset" from records r
           where r.topic_id = p.topic_id and r.partition = p.partition and r."offset" >= p.start_offset
             and r.appended_at >= now() - t.retention_ms * interval '1 millisecond'
           order by r."offset" limit 1),
          (select max(r."offset") + 1 from records r
           where r.topic_id = p.topic_id and r.partition = p.partition),
          p.start_offset) as start_offset
        from partitions p join topics t on t.id = p.topic_id
        where not t.compact and t.retention_ms is not null
        order by p.topic_id, p.partition for update of p),
      moved as (
        update partitions p set start_offset = passed.start_offset from passed
        where p.topic_id = passed.topic_id and p.partition = passed.partition
          and p.start_offset < passed.start_offset
        returning p.topic_id, p.partition, p.start_offset)
      delete from records r using moved
      where r.topic_id = moved.topic_id and r.partition = moved.partition
        and r."offset" < moved.start_offset`);
    await tx.query(sql`
      delete from records r using topics t
      where t.id = r.topic_id and r.compact and r.value is null
        and r.appended_at < now() - coalesce(t.max_compaction_lag_ms, ${TOMBSTONES_KEPT_MS}) * interval '1 millisecond'`);
  });
}
