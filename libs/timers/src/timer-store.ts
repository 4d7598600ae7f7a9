import { sql, type Database } from '@regulars/persistence';
import type { LeasedTimer } from './timer.js';

export interface DueKind {
  readonly kind: string;
  readonly due: number;
}

/** Enough to see that a service is behind; counting on would read a table's worth for a figure. */
const COUNTED_UP_TO = 10_000;

/** What claimers do with the timers table. Due by the service's clock, leased by the database's. */
export const timerStore = (database: Database) => ({
  /** Kinds that have due timers nobody holds, the longest waiting first. One look into an index when nothing is due. */
  async dueKinds(kinds: readonly string[]): Promise<DueKind[]> {
    return database.query<DueKind>(sql`
      select kind, count(*) as due from (
        select kind, due_at from timers
        where kind = any(${kinds}::text[]) and due_at <= ${database.clock.now()}
          and (leased_until is null or leased_until <= now())
        limit ${COUNTED_UP_TO}) as due
      group by kind order by min(due_at), kind`);
  },

  /** Leases due timers of a kind, oldest first; what another claimer holds is left to it. */
  async lease(kind: string, limit: number, leaseMs: number): Promise<LeasedTimer[]> {
    return database.withTransaction(async (tx) => {
      // A lost lease only means firing again, so this commit need not wait for the disk.
      await tx.query(sql`set local synchronous_commit = off`);
      return tx.query<LeasedTimer>(sql`
        with due as (
          select id from timers
          where kind = ${kind} and due_at <= ${database.clock.now()}
            and (leased_until is null or leased_until <= now())
          order by due_at, id limit ${limit} for update skip locked),
        leased as (
          update timers set leased_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
          from due where timers.id = due.id
          returning timers.id, kind, key, due_at, data)
        select id, kind, key, due_at as "dueAt", data from leased order by due_at, id`);
    });
  },

  /** Gives leases back, for the next look. */
  async release(leased: readonly LeasedTimer[]): Promise<void> {
    await database.query(sql`
      update timers set leased_until = null
      from unnest(${leased.map(({ id }) => id)}::bigint[],
                  ${leased.map(({ dueAt }) => dueAt)}::timestamptz[]) as own (id, due_at)
      where timers.id = own.id and timers.due_at = own.due_at`);
  },

  /** Puts a failed timer off: one second, doubling to an hour. Its due time stays, it tells how late it fires. */
  async putOff(timer: LeasedTimer, error: string): Promise<void> {
    await database.query(sql`
      update timers
      set attempts = attempts + 1, last_error = ${error},
          leased_until = clock_timestamp() + least(power(2, least(attempts, 12)), 3600) * interval '1 second'
      where id = ${timer.id} and due_at = ${timer.dueAt}`);
  },

  /** The next due time after now. */
  async nextDueAt(kinds: readonly string[]): Promise<Date | undefined> {
    const [row] = await database.query<{ next: Date | null }>(sql`
      select min(due_at) as next from unnest(${kinds}::text[]) as own (kind), lateral (
        select due_at from timers where timers.kind = own.kind and due_at > ${database.clock.now()}
        order by due_at limit 1) as first`);
    return row?.next ?? undefined;
  },

  /** Whether a timer is due or being fired. One that failed and is put off does not count. */
  async anyDue(kinds: readonly string[]): Promise<boolean> {
    const rows = await database.query(sql`
      select from timers
      where kind = any(${kinds}::text[]) and due_at <= ${database.clock.now()}
        and (attempts = 0 or leased_until is null or leased_until <= now()) limit 1`);
    return rows.length > 0;
  },
});
