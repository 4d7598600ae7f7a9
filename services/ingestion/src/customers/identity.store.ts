import { array, sql, type Transaction } from '@regulars/persistence';
import { keyOf, type Identity } from './identity.js';
import type { OwnedIdentity } from './plan-customers.js';

export const identityStore = (tx: Pick<Transaction, 'query'>) => ({
  /** Customer id by {@link keyOf} of the identity; unknown ones are absent. */
  async owners(identities: readonly Identity[]): Promise<Map<string, string>> {
    if (identities.length === 0) return new Map();
    const rows = await tx.query<OwnedIdentity>(sql`
      select i.kind, i.value, i.customer_id as "customerId"
      from unnest(${array.text(identities.map(({ kind }) => kind))}::text[],
                  ${array.text(identities.map(({ value }) => value))}::text[]) as wanted (kind, value),
           lateral (select kind, value, customer_id from identities stored
                    where stored.kind = wanted.kind and stored.value = wanted.value offset 0) i`);
    return new Map(rows.map((row) => [keyOf(row), row.customerId]));
  },

  /**
   * In sorted order, after the customers' locks: two transactions that add the same identity wait for one another
   * and never in a circle. Returns how many were added; fewer than asked means that another transaction was first.
   */
  async add(identities: readonly OwnedIdentity[], addedAt: Date): Promise<number> {
    if (identities.length === 0) return 0;
    const rows = await tx.query(sql`
      insert into identities (kind, value, customer_id, added_at)
      select kind, value, customer_id, ${addedAt}
      from unnest(${identities.map(({ kind }) => kind)}::text[],
                  ${identities.map(({ value }) => value)}::text[],
                  ${identities.map(({ customerId }) => customerId)}::uuid[]) as i (kind, value, customer_id)
      order by kind, value
      on conflict (kind, value) do nothing
      returning kind`);
    return rows.length;
  },

  /** The "source id" pairs of each customer, in order. */
  async externalValues(customerIds: readonly string[]): Promise<Map<string, string[]>> {
    if (customerIds.length === 0) return new Map();
    const rows = await tx.query<{ id: string; values: string[] }>(sql`
      select wanted.id, array_agg(i.value order by i.value) as values
      from unnest(${array.plain(customerIds)}::uuid[]) as wanted (id),
           lateral (select kind, value from identities stored where stored.customer_id = wanted.id offset 0) i
      where i.kind = 'external' group by wanted.id`);
    return new Map(rows.map(({ id, values }) => [id, values]));
  },

  async remove(customerId: string): Promise<void> {
    await tx.query(sql`delete from identities where customer_id = ${customerId}::uuid`);
  },

  /** One row per pair of customers and kind, however often it happens. */
  async noteConflicts(
    conflicts: readonly { customerId: string; otherId: string; kind: string }[],
    at: Date,
  ): Promise<void> {
    if (conflicts.length === 0) return;
    await tx.query(sql`
      insert into identity_conflicts (customer_id, other_customer_id, kind, times, first_at, last_at)
      select customer_id, other_id, kind, count(*), ${at}, ${at}
      from unnest(${conflicts.map(({ customerId }) => customerId)}::uuid[],
                  ${conflicts.map(({ otherId }) => otherId)}::uuid[],
                  ${conflicts.map(({ kind }) => kind)}::text[]) as c (customer_id, other_id, kind)
      group by customer_id, other_id, kind order by customer_id, other_id, kind
      on conflict (customer_id, other_customer_id, kind)
      do update set times = identity_conflicts.times + excluded.times, last_at = excluded.last_at`);
  },

  async forgetConflicts(customerId: string): Promise<void> {
    await tx.query(sql`
      delete from identity_conflicts
      where customer_id = ${customerId}::uuid or other_customer_id = ${customerId}::uuid`);
  },
});
