import { sql, type Transaction } from '@regulars/persistence';
import type { Outcome } from './batch-handler.js';
import type { PartitionOffset, TopicPartition } from './event-log.js';

/** Positions, counters and the brake of a consumer, in its service's own schema. */
export const consumerStore = (tx: Pick<Transaction, 'query'>, consumer: string) => ({
  /**
   * Locks the partition's position for the batch and returns it. The lock is what stops an old owner that wakes
   * after a rebalance: it waits here, then finds its records passed.
   */
  async lockPosition({ topic, partition }: TopicPartition): Promise<bigint> {
    await tx.query(sql`
      insert into consumer_positions (consumer, topic, partition, next_offset)
      values (${consumer}, ${topic}, ${partition}, 0) on conflict do nothing`);
    const [row] = await tx.query<{ next: string }>(sql`
      select next_offset::text as next from consumer_positions
      where consumer = ${consumer} and topic = ${topic} and partition = ${partition} for update`);
    return BigInt(row?.next ?? 0);
  },

  /** Raises the position, never lowers it. `deadInRow` counts on or starts anew. */
  async raisePosition(next: PartitionOffset, deadInRow: 'reset' | number): Promise<void> {
    await tx.query(sql`
      update consumer_positions
      set next_offset = greatest(next_offset, ${next.offset.toString()}::bigint),
          dead_in_row = case when ${deadInRow === 'reset'} then 0
                             else dead_in_row + ${deadInRow === 'reset' ? 0 : deadInRow}::int end,
          updated_at = now()
      where consumer = ${consumer} and topic = ${next.topic} and partition = ${next.partition}`);
  },

  async count(at: TopicPartition, counts: ReadonlyMap<Outcome, number>): Promise<void> {
    const moved = [...counts].filter(([, count]) => count !== 0);
    if (moved.length === 0) return;
    await tx.query(sql`
      insert into consumer_counters (consumer, topic, partition, outcome, count)
      select ${consumer}, ${at.topic}, ${at.partition}, outcome, count
      from unnest(${moved.map(([outcome]) => outcome)}::text[], ${moved.map(([, n]) => n)}::bigint[])
        as moved(outcome, count)
      order by outcome
      on conflict (consumer, topic, partition, outcome)
      do update set count = consumer_counters.count + excluded.count`);
  },

  async positions(topics: readonly string[]): Promise<PartitionOffset[]> {
    const rows = await tx.query<{ topic: string; partition: number; next: string }>(sql`
      select topic, partition, next_offset::text as next from consumer_positions
      where consumer = ${consumer} and topic = any(${topics}::text[])`);
    return rows.map(({ topic, partition, next }) => ({ topic, partition, offset: BigInt(next) }));
  },

  /** Sets the brake when the newest dead letters pass the limits: 20 in a row, or 100 in five minutes. */
  async brakeIfTooMany(at: TopicPartition, limits: BrakeLimits): Promise<void> {
    await tx.query(sql`
      insert into consumer_brakes (consumer, reason)
      select ${consumer}, reason from (
        select case
          when (select dead_in_row from consumer_positions
                where consumer = ${consumer} and topic = ${at.topic} and partition = ${at.partition})
               >= ${limits.inRow}::int then 'dead-letters-in-row'
          when (select count(*) from dead_letters
                where consumer = ${consumer} and last_failed_at > now() - interval '5 minutes')
               >= ${limits.inFiveMinutes}::int then 'dead-letters-in-five-minutes'
        end as reason) as judged
      where reason is not null
      on conflict do nothing`);
  },

  async brake(): Promise<string | undefined> {
    const [row] = await tx.query<{ reason: string }>(
      sql`select reason from consumer_brakes where consumer = ${consumer}`,
    );
    return row?.reason;
  },

  /** An operator lets the consumer go on; its count of dead letters in a row starts anew. */
  async releaseBrake(): Promise<boolean> {
    const released = await tx.query(
      sql`delete from consumer_brakes where consumer = ${consumer} returning consumer`,
    );
    await tx.query(
      sql`update consumer_positions set dead_in_row = 0 where consumer = ${consumer} and dead_in_row > 0`,
    );
    return released.length > 0;
  },
});

export interface BrakeLimits {
  readonly inRow: number;
  readonly inFiveMinutes: number;
}
