import { sql, type Sql, type Transaction } from '@regulars/persistence';
import type { LedgerOrder, WrittenOrder } from './ledger-order.js';

const columns: Sql = sql`
  customer_id as "customerId", source, order_id as "orderId", epoch, revision,
  purchase_id as "purchaseId", purchase_day as "purchaseDay", total_minor as "totalMinor",
  currency, items, imported`;

/** Orders of customers. The caller holds the customers' locks when it writes. */
export const ledgerStore = (tx: Pick<Transaction, 'query'>) => ({
  /** Writes those that are newer than what is stored; returns these. */
  async upsertNewer(orders: readonly LedgerOrder[]): Promise<WrittenOrder[]> {
    const rows = await tx.query<OrderKey & { replaced: boolean }>(sql`
      insert into ledger_orders (customer_id, source, order_id, epoch, revision, purchase_id,
                                 purchase_day, total_minor, currency, items, imported)
      select * from unnest(
        ${orders.map((o) => o.customerId)}::uuid[], ${orders.map((o) => o.source)}::text[],
        ${orders.map((o) => o.orderId)}::text[], ${orders.map((o) => o.epoch)}::bigint[],
        ${orders.map((o) => o.revision)}::integer[], ${orders.map((o) => o.purchaseId)}::uuid[],
        ${orders.map((o) => o.purchaseDay)}::date[], ${orders.map((o) => o.totalMinor)}::bigint[],
        ${orders.map((o) => o.currency)}::text[],
        ${orders.map((o) => JSON.stringify(o.items))}::jsonb[],
        ${orders.map((o) => o.imported)}::boolean[])
      on conflict (customer_id, source, order_id) do update
      set epoch = excluded.epoch, revision = excluded.revision,
          purchase_id = excluded.purchase_id, purchase_day = excluded.purchase_day,
          total_minor = excluded.total_minor, currency = excluded.currency,
          items = excluded.items, imported = excluded.imported
      where (ledger_orders.epoch, ledger_orders.revision) < (excluded.epoch, excluded.revision)
      returning new.customer_id as "customerId", new.source, new.order_id as "orderId",
                old.order_id is not null as replaced`);
    const byName = new Map(orders.map((order) => [nameOf(order), order]));
    return rows.flatMap(({ replaced, ...key }) => {
      const order = byName.get(nameOf(key));
      return order ? [{ order, replaced }] : [];
    });
  },

  /** Orders that count (by the end of a day, where one is given), by customer; customers without any are absent. */
  async ordersOf(
    customerIds: readonly string[],
    untilDay?: string,
  ): Promise<Map<string, LedgerOrder[]>> {
    const rows = await tx.query<LedgerOrder>(sql`
      select ${columns} from ledger_orders
      where customer_id = any(${customerIds}::uuid[])
        and purchase_day <= ${untilDay ?? 'infinity'}::date`);
    const grouped = new Map<string, LedgerOrder[]>();
    for (const order of rows) {
      const list = grouped.get(order.customerId);
      if (list) list.push(order);
      else grouped.set(order.customerId, [order]);
    }
    return grouped;
  },

  /** How many rows went. */
  async deleteOf(customerIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await tx.query<{ customerId: string; count: number }>(sql`
      with gone as (delete from ledger_orders where customer_id = any(${customerIds}::uuid[])
                    returning customer_id)
      select customer_id as "customerId", count(*) as count from gone group by customer_id`);
    return new Map(rows.map(({ customerId, count }) => [customerId, count]));
  },
});

type OrderKey = Pick<LedgerOrder, 'customerId' | 'source' | 'orderId'>;

function nameOf({ customerId, source, orderId }: OrderKey): string {
  return JSON.stringify([customerId, source, orderId]);
}
