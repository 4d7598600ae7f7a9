import type { PurchaseState } from '@regulars/contracts';
import { sql, type Transaction } from '@regulars/persistence';

export interface OrderState extends Pick<
  PurchaseState,
  'customerId' | 'source' | 'orderId' | 'revision' | 'currency' | 'totalMinor'
> {
  readonly epoch: number;
  readonly purchaseDay: string | null;
}

export const orderStore = (tx: Transaction) => ({
  /** Puts the newest (epoch, revision) of each order; at most one state per order. Answers how many were newer. */
  async upsertNewest(orders: readonly OrderState[]): Promise<number> {
    if (orders.length === 0) return 0;
    const rows = await tx.query(sql`
      insert into orders (customer_id, source, order_id, epoch, revision, purchase_day, currency, total_minor)
      select * from unnest(
        ${orders.map((order) => order.customerId)}::uuid[], ${orders.map((order) => order.source)}::text[],
        ${orders.map((order) => order.orderId)}::text[], ${orders.map((order) => order.epoch)}::bigint[],
        ${orders.map((order) => order.revision)}::integer[], ${orders.map((order) => order.purchaseDay)}::date[],
        ${orders.map((order) => order.currency)}::text[], ${orders.map((order) => order.totalMinor)}::bigint[])
      on conflict (customer_id, source, order_id) do update set
        epoch = excluded.epoch, revision = excluded.revision, purchase_day = excluded.purchase_day,
        currency = excluded.currency, total_minor = excluded.total_minor
      where (orders.epoch, orders.revision) < (excluded.epoch, excluded.revision)
      returning 1`);
    return rows.length;
  },
});
