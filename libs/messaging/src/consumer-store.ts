import { sql, type Transaction } from '@regulars/persistence';
import type { Outcome } from './batch-handler.js';
import type { PartitionOffset, TopicPartition } from './event-log.js';

/** Positions, counters and the brake of a consumer, in its service's own schema. */
export const consumerStore = (tx: Pick<Transaction, 'query'>, consumer: string) => ({
  /**
   * Locks the positions of partitions for a batch and returns them, with the brake. The lock is what stops an old
   * owner that wakes after a rebalance: it waits here, then finds its records passed.
   */
  async lockPositions(
    topic: string,
    partitions: readonly number[],
  ): Promise<{ positions: ReadonlyMap<number, bigint>; brake: string | undefined }> {
    const lock = () =>
      tx.query<{ partition: number; next: string; brake: string | null }>(sql`
        select partition, next_offset::text as next,
          (select reason from consumer_brakes where consumer = ${consumer}) as brake
        from consumer_positions
        where consumer = ${consumer} and topic = ${topic} and partition = any(${partitions}::int[])
        order by partition for update`);
    let rows = await lock();
    if (rows.length < partitions.length) {
      await tx.query(sql`
        insert into consumer_positions (consumer, topic, partition, next_offset)
        select ${consumer}, ${topic}, partition, 0 from unnest(${partitions}::int[]) as new (partition)
        order by partition on conflict do nothing`);
      rows = await lock();
    }
    return {
      positions: new Map(rows.map(({ partition, next }) => [partition, BigInt(next)])),
      brake: rows[0]?.brake ?? undefined,
    };
  },

  /** Raises positions, never lowers them, and counts what was passed. */
  async advance(topic: string, steps: readonly Step[]): Promise<void> {
    const counted = steps.flatMap((step) =>
      [...step.counts, ...withoutRecord(step)].map(([outcome, count]) => ({
        partition: step.partition,
        outcome,
        count,
      })),
    );
    await tx.query(sql`
      with raised as (
        update consumer_positions p
        set next_offset = greatest(p.next_offset, step.next_offset),
            dead_in_row = case when step.reset then 0 else p.dead_in_row + step.dead end, updated_at = now()
        from unnest(${steps.map(({ partition }) => partition)}::int[],
                    ${steps.map(({ next }) => next.toString())}::bigint[],
                    ${steps.map(({ deadInRow }) => deadInRow === 'reset')}::boolean[],
                    ${steps.map(({ deadInRow }) => (deadInRow === 'reset' ? 0 : deadInRow))}::int[])
          as step (partition, next_offset, reset, dead)
        where p.consumer = ${consumer} and p.topic = ${topic} and p.partition = step.partition)
      insert into consumer_counters (consumer, topic, partition, outcome, count)
      select ${consumer}, ${topic}, partition, outcome, count
      from unnest(${counted.map(({ partition }) => partition)}::int[],
                  ${counted.map(({ outcome }) => outcome)}::text[], ${counted.map(({ count }) => count)}::bigint[])
        as moved (partition, outcome, count)
      order by partition, outcome
      on conflict (consumer, topic, partition, outcome)
      do update set count = consumer_counters.count + excluded.count`);
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
                where consumer = ${consumer} and state <> 'parked' and last_failed_at > now() - interval '5 minutes')
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

/** What a batch does to its partition. */
export interface Step {
  readonly partition: number;
  /** Where the partition stood: the position as it was locked. */
  readonly from: bigint;
  /** The offset after it. */
  readonly next: bigint;
  readonly counts: ReadonlyMap<Outcome, number>;
  /** Dead letters in a row count on, or start anew. */
  readonly deadInRow: 'reset' | number;
}

/** Offsets that hold nothing to work off: compacted away, markers of transactions, gone before we came. */
function withoutRecord({ from, next, counts }: Step): [string, number][] {
  const records = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const empty = Number(next - from) - records;
  return empty > 0 ? [[noRecord, empty]] : [];
}

export const noRecord = 'no-record';

export interface BrakeLimits {
  readonly inRow: number;
  readonly inFiveMinutes: number;
}
