import { sql, type Transaction } from '@regulars/persistence';
import { timersSet } from './timers-set.js';
import type { LeasedTimer, NewTimer } from './timer.js';

/** Due times of this service, changed in the caller's transaction; lock the customers concerned before. */
export const timers = (tx: Transaction) => ({
  /** Sets due times: new ones, and anew those that stand. Of one (kind, key) named twice the last counts. */
  async schedule(wanted: readonly NewTimer[]): Promise<void> {
    const unique = new Map(wanted.map((timer) => [`${timer.kind}\n${timer.key}`, timer]));
    if (unique.size === 0) return;
    const rows = [...unique].sort(byName).map(([, timer]) => timer);
    // A lease or a put-off belongs to the due time that is replaced.
    await tx.query(sql`
      insert into timers (kind, key, due_at, data)
      select * from unnest(
        ${rows.map(({ kind }) => kind)}::text[],
        ${rows.map(({ key }) => key)}::text[],
        ${rows.map(({ dueAt }) => dueAt)}::timestamptz[],
        ${rows.map(({ data }) => JSON.stringify(data ?? {}))}::jsonb[])
      on conflict (kind, key) do update
      set due_at = excluded.due_at, data = excluded.data,
          leased_until = null, attempts = 0, last_error = null`);
    tell(tx, rows);
  },

  /** Sets a due time where none stands: that of a schedule, at every start. One that came due while nobody ran stays due. */
  async ensure({ kind, key, dueAt, data }: NewTimer): Promise<void> {
    await tx.query(sql`
      insert into timers (kind, key, due_at, data)
      values (${kind}, ${key}, ${dueAt}, ${JSON.stringify(data ?? {})}::jsonb)
      on conflict (kind, key) do nothing`);
    tell(tx, [{ dueAt }]);
  },

  /** Removes due times; one that does not stand is passed over. */
  async cancel(kind: string, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await tx.query(sql`
      delete from timers where id in (
        select id from timers where kind = ${kind} and key = any(${keys}::text[])
        order by key for update)`);
  },

  /** Leaves them due and untaken, and fires them again after so much real time: also on a clock that stands still. */
  async putBack(leased: readonly LeasedTimer[], forMs: number): Promise<void> {
    await tx.query(sql`
      update timers set leased_until = clock_timestamp() + ${forMs} * interval '1 millisecond'
      from unnest(${leased.map(({ id }) => id)}::bigint[],
                  ${leased.map(({ dueAt }) => dueAt)}::timestamptz[]) as own (id, due_at)
      where timers.id = own.id and timers.due_at = own.due_at`);
  },

  /**
   * Removes and returns, by due time, those that still stand as they were leased: one that was moved, cancelled or
   * taken by another claimer meanwhile is left out. Call it after the customers are locked.
   */
  async take(leased: readonly LeasedTimer[]): Promise<LeasedTimer[]> {
    if (leased.length === 0) return [];
    const rows = await tx.query<LeasedTimer>(sql`
      with standing as (
        select id from timers
        join unnest(${leased.map(({ id }) => id)}::bigint[],
                    ${leased.map(({ dueAt }) => dueAt)}::timestamptz[]) as leased (id, due_at)
          using (id, due_at)
        order by kind, key for update of timers),
      taken as (delete from timers using standing where timers.id = standing.id
                returning timers.id, kind, key, due_at, data)
      select id, kind, key, due_at as "dueAt", data from taken order by due_at, id`);
    taken.set(tx, [...takenIn(tx), ...rows]);
    return rows;
  },
});

function tell(tx: Transaction, set: readonly Pick<NewTimer, 'dueAt'>[]): void {
  const now = tx.clock.now();
  tx.afterCommit(() => {
    timersSet.emit(
      tx.service,
      set.some(({ dueAt }) => dueAt <= now),
    );
  });
}

const taken = new WeakMap<Transaction, readonly LeasedTimer[]>();

/** What was taken in this transaction so far: the claimer counts it once committed. */
export const takenIn = (tx: Transaction): readonly LeasedTimer[] => taken.get(tx) ?? [];

/** One order of row locks for everybody who schedules. */
function byName([one]: [string, NewTimer], [other]: [string, NewTimer]): number {
  return one < other ? -1 : 1;
}
