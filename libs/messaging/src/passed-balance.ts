import { topicByName } from '@regulars/contracts';
import type { Balance, Gap } from '@regulars/kernel';
import { sql, type Transaction } from '@regulars/persistence';
import { outcomes } from './batch-handler.js';
import { noRecord } from './consumer-store.js';

/** What a consumer has on record about one partition. */
export interface PassedPartition {
  readonly topic: string;
  readonly partition: number;
  /** Offsets below the stored position. */
  readonly passed: number;
  readonly counts: Readonly<Record<string, number>>;
  /** Rows of dead letters that stand, which the counters must agree with. */
  readonly dead: number;
  readonly parked: number;
}

/** Offsets passed = how their records ended, per topic. One statement: it balances at any moment, also under load. */
export async function passedBalances(
  database: Pick<Transaction, 'query'>,
  consumer: string,
): Promise<Balance[]> {
  const rows = await database.query<PassedPartition>(sql`
    with counted as (
      select topic, partition, json_object_agg(outcome, count) as counts
      from consumer_counters where consumer = ${consumer} group by topic, partition),
    standing as (
      select topic, partition, count(*) filter (where state = 'dead') as dead,
             count(*) filter (where state = 'parked') as parked
      from dead_letters where consumer = ${consumer} and state in ('dead', 'parked') group by topic, partition)
    select topic, partition, coalesce(p.next_offset, 0) as passed, coalesce(counts, '{}') as counts,
           coalesce(dead, 0) as dead, coalesce(parked, 0) as parked
    from (select topic, partition, next_offset from consumer_positions where consumer = ${consumer}) p
    full join counted using (topic, partition)
    full join standing using (topic, partition)
    order by topic, partition`);
  return [...Map.groupBy(rows, ({ topic }) => topic)].map(([topic, partitions]) =>
    balanceOf(topic, partitions),
  );
}

/** Pure. */
export function balanceOf(topic: string, partitions: readonly PassedPartition[]): Balance {
  const parts = Object.fromEntries(
    [...outcomes, noRecord].map((end) => [
      end,
      partitions.reduce((sum, { counts }) => sum + (counts[end] ?? 0), 0),
    ]),
  );
  return {
    sum: 'passed',
    of: topic,
    whole: partitions.reduce((sum, { passed }) => sum + passed, 0),
    parts,
    gaps: partitions.flatMap(gapsOf),
  };
}

function gapsOf(at: PassedPartition): Gap[] {
  const { passed, counts, dead, parked } = at;
  const counted = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const where = `partition ${String(at.partition)}`;
  const expected = [
    [`${where}: offsets passed against records counted`, passed, counted],
    [`${where}: dead letters counted against their rows`, counts['dead-lettered'] ?? 0, dead],
    [`${where}: parked records counted against their rows`, counts['parked'] ?? 0, parked],
    ...(isWhole(at.topic)
      ? ([
          [
            `${where}: offsets without a record on a topic that keeps all`,
            counts[noRecord] ?? 0,
            0,
          ],
        ] as const)
      : []),
  ] as const;
  return expected
    .filter(([, wanted, found]) => wanted !== found)
    .map(([what, wanted, found]) => ({
      records: wanted - found,
      finding: `${what}: ${String(wanted)}, ${String(found)}`,
    }));
}

/** Kept for ever, and written without transactions: every offset is a record. */
function isWhole(topic: string): boolean {
  const known = topicByName(topic);
  return known?.cleanup === 'keep' && known.retentionDays === undefined;
}
