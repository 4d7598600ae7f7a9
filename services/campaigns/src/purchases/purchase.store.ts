import { sql, type Transaction } from '@regulars/persistence';
import type { PurchaseRow } from './newest-orders.js';

/** Orders by their day, the highest (`epoch`, `revision`) of each. */
export const purchaseStore = (tx: Pick<Transaction, 'query'>) => ({
  /** Newer over older only, so late, repeated and redriven events change nothing. One row per order, please. */
  async saveMany(rows: readonly PurchaseRow[]): Promise<void> {
    if (rows.length === 0) return;
    await tx.query(sql`
      insert into purchases as p (customer_id, source, order_id, purchase_id, purchase_day, epoch, revision, imported, counts)
      select * from unnest(${rows.map((r) => r.customerId)}::uuid[],
        ${rows.map((r) => r.purchase.source)}::text[], ${rows.map((r) => r.purchase.orderId)}::text[],
        ${rows.map((r) => r.purchase.purchaseId)}::uuid[], ${rows.map((r) => r.purchase.purchaseDay)}::date[],
        ${rows.map((r) => r.epoch)}::bigint[], ${rows.map((r) => r.purchase.revision)}::integer[],
        ${rows.map((r) => r.purchase.imported)}::boolean[], ${rows.map((r) => r.counts)}::boolean[])
      on conflict on constraint purchases_pkey do update
      set purchase_id = excluded.purchase_id, purchase_day = excluded.purchase_day, epoch = excluded.epoch,
          revision = excluded.revision, imported = excluded.imported, counts = excluded.counts
      where (excluded.epoch, excluded.revision) > (p.epoch, p.revision)`);
  },

  /** Touches whose customer has bought on the day of answering them, as the company counts days, or since. */
  async boughtSinceAnswer(touchIds: readonly string[], companyZone: string): Promise<Set<string>> {
    const rows = await tx.query<{ id: string }>(sql`
      select t.id from touches t
      where t.id = any(${touchIds}::uuid[]) and exists (
        select 1 from purchases p, answers a
        where p.customer_id = t.customer_id and p.counts and a.touch_id = t.id and a.answer = 'yes'
          and p.purchase_day >= (a.answered_at at time zone ${companyZone})::date)`);
    return new Set(rows.map(({ id }) => id));
  },
});
