import { topics, type Stream } from '@regulars/contracts';
import { sql, type Database, type Transaction } from '@regulars/persistence';
import type { RunHandler } from './consumer-settings.js';
import { consumerStore } from './consumer-store.js';
import type { TopicPartition } from './event-log.js';

export interface ExpiryOptions {
  readonly group: string;
  readonly database: Database;
  readonly handlers: ReadonlyMap<Stream, RunHandler>;
}

/** How long a dead letter waits for somebody, and a settled one for questions. */
const KEPT = sql`interval '30 days'`;
const AT_ONCE = 500;

/**
 * Removes dead letters that nobody redrove in 30 days, and counts them as expired. Where a consumer parks, dead and
 * parked ones hold up their key and stay until a person settles them. Of settled ones only the row goes: its end is
 * counted already.
 */
export async function expireDeadLetters({
  group,
  database,
  handlers,
}: ExpiryOptions): Promise<void> {
  const parking = [...handlers].flatMap(([stream, { parks }]) =>
    parks === true ? [topics[stream].name] : [],
  );
  const old = sql`consumer = ${group} and case state
    when 'dead' then last_failed_at < now() - ${KEPT} and topic <> all(${parking}::text[])
    when 'parked' then false
    else settled_at < now() - ${KEPT} end`;
  for (const at of await database.query<TopicPartition>(
    sql`select distinct topic, partition from dead_letters where ${old}`,
  ))
    await database.withTransaction(async (tx) => {
      // First in the lock order, as in a redrive: neither a batch nor a redrive is in the middle of it.
      await consumerStore(tx, group).lockPositions(at.topic, [at.partition]);
      const expired = await removeSome(tx, at, old);
      await consumerStore(tx, group).count(
        at,
        new Map([
          ['dead-lettered', -expired],
          ['expired', expired],
        ]),
      );
    });
}

/** How many of them were dead. */
async function removeSome(
  tx: Transaction,
  { topic, partition }: TopicPartition,
  old: ReturnType<typeof sql>,
): Promise<number> {
  const removed = await tx.query<{ state: string }>(sql`
    delete from dead_letters where id in (
      select id from dead_letters where ${old} and topic = ${topic} and partition = ${partition}
      order by id limit ${AT_ONCE})
    returning state`);
  return removed.filter(({ state }) => state === 'dead').length;
}
