import { sql, type Transaction } from '@regulars/persistence';

export interface Merge {
  readonly customerId: string;
  /** null = un-merged again. */
  readonly into: string | null;
  readonly epoch: number;
  readonly sequence: number;
}

/** Customers as ingestion tells them. The callers have locked them. */
export const customerStore = (tx: Transaction) => ({
  async registerMany(customers: readonly { customerId: string; at: Date }[]): Promise<void> {
    if (customers.length === 0) return;
    await tx.query(sql`
      update customers c set registered_at = r.at
      from unnest(${customers.map(({ customerId }) => customerId)}::uuid[],
                  ${customers.map(({ at }) => at)}::timestamptz[]) as r (customer_id, at)
      where c.customer_id = r.customer_id and c.erased_at is null`);
  },

  /** The newest merge or un-merge counts, whatever the order of arrival. */
  async setMerge({ customerId, into, epoch, sequence }: Merge): Promise<void> {
    await tx.query(sql`
      update customers set merged_into = ${into}, merge_epoch = ${epoch}, merge_sequence = ${sequence}
      where customer_id = ${customerId} and erased_at is null
        and (merge_epoch is null or (merge_epoch, merge_sequence) < (${epoch}::bigint, ${sequence}::bigint))`);
  },

  /** Deletes all about the customer but the bare id. Answers how many rows went, per table. */
  async erase(customerId: string, at: Date): Promise<Record<string, number>> {
    await tx.query(sql`
      update customers set erased_at = coalesce(erased_at, ${at}), registered_at = null,
        merged_into = null, merge_epoch = null, merge_sequence = null
      where customer_id = ${customerId}`);
    const [rows] = await tx.query<Record<string, number>>(sql`
      with o as (delete from orders where customer_id = ${customerId} returning 1),
           f as (delete from forecasts where customer_id = ${customerId} returning 1),
           m as (delete from memberships where customer_id = ${customerId} returning 1),
           s as (delete from segment_changes where customer_id = ${customerId} returning 1)
      select (select count(*) from o) as orders, (select count(*) from f) as forecasts,
             (select count(*) from m) as memberships, (select count(*) from s) as segment_changes`);
    return rows ?? {};
  },
});
