import { array, sql, type Transaction } from '@regulars/persistence';
import type { Purchase } from './purchase.js';

/** What the business key of a purchase leads to. */
export interface StoredPurchase extends Purchase {
  readonly firstContent: Buffer;
  readonly identityConflicts: readonly string[];
}

export interface PurchaseKey {
  readonly source: string;
  readonly orderId: string;
}

export type FreshPurchase = Purchase & Pick<StoredPurchase, 'firstContent' | 'identityConflicts'>;

const columns = sql`
  p.id, p.customer_id as "customerId", p.source, p.order_id as "orderId", p.revision,
  p.purchase_day as "purchaseDay", p.purchased_at as "purchasedAt", p.time_zone as "timeZone", p.currency,
  p.total_minor as "totalMinor", p.refunded_minor as "refundedMinor", p.lines, p.imported,
  p.removed_at is not null as removed, p.first_content as "firstContent",
  p.identity_conflicts as "identityConflicts"`;

export const purchaseStore = (tx: Pick<Transaction, 'query'>) => ({
  async findByKeys(keys: readonly PurchaseKey[]): Promise<StoredPurchase[]> {
    if (keys.length === 0) return [];
    return tx.query<StoredPurchase>(sql`
      select ${columns}
      from unnest(${array.text(keys.map(({ source }) => source))}::text[],
                  ${array.text(keys.map(({ orderId }) => orderId))}::text[]) as wanted (source, order_id),
           lateral (select * from purchases stored
                    where stored.source = wanted.source and stored.order_id = wanted.order_id offset 0) p`);
  },

  async find(id: string): Promise<Purchase | undefined> {
    const rows = await tx.query<Purchase>(
      sql`select ${columns} from purchases p where p.id = ${id}::uuid`,
    );
    return rows[0];
  },

  /** Of one customer when named; in the order in which they were recorded. */
  async page(filter: { customerId?: string; after?: string }, limit: number): Promise<Purchase[]> {
    const after = filter.after ?? '00000000-0000-0000-0000-000000000000';
    if (filter.customerId === undefined) {
      return tx.query<Purchase>(
        sql`select ${columns} from purchases p where p.id > ${after}::uuid order by p.id limit ${limit}`,
      );
    }
    return tx.query<Purchase>(sql`
      select ${columns} from purchases p
      where p.customer_id = ${filter.customerId}::uuid and p.id > ${after}::uuid order by p.id limit ${limit}`);
  },

  async count(customerId: string | undefined): Promise<number> {
    const rows = await tx.query<{ count: number }>(
      customerId === undefined
        ? sql`select count(*) as count from purchases`
        : sql`select count(*) as count from purchases where customer_id = ${customerId}::uuid`,
    );
    return rows[0]?.count ?? 0;
  },

  /** Locks the customer first and the purchase after it, as everybody does. */
  async lock(id: string): Promise<Purchase | undefined> {
    await tx.query(sql`
      select 1 as one from customers
      where id = (select customer_id from purchases where id = ${id}::uuid) for update`);
    const rows = await tx.query<Purchase>(
      sql`select ${columns} from purchases p where p.id = ${id}::uuid for update`,
    );
    return rows[0];
  },

  async save(purchase: Purchase, at: Date): Promise<void> {
    await tx.query(sql`
      update purchases set revision = ${purchase.revision}, purchase_day = ${purchase.purchaseDay},
        purchased_at = ${purchase.purchasedAt}, time_zone = ${purchase.timeZone},
        currency = ${purchase.currency}, total_minor = ${purchase.totalMinor},
        refunded_minor = ${purchase.refundedMinor}, lines = ${JSON.stringify(purchase.lines)}::jsonb,
        removed_at = case when ${purchase.removed} then coalesce(removed_at, ${at}) end
      where id = ${purchase.id}::uuid`);
  },
});

/**
 * Sends purchases whose keys were free a moment ago. Where another transaction has taken one since, all that was sent fails
 * (`keyWasTaken`): a way to Postgres less than asking which are new. In the order of their keys, so that two transactions
 * with the same ones wait for one another and never in a circle.
 */
export function sendPurchases(
  purchases: readonly FreshPurchase[],
  recordedAt: Date,
  tx: Pick<Transaction, 'send'>,
): void {
  if (purchases.length === 0) return;
  tx.send(sql`
    insert into purchases (id, customer_id, source, order_id, revision, purchase_day, purchased_at, time_zone,
      currency, total_minor, refunded_minor, lines, imported, identity_conflicts, first_content, recorded_at)
    select id, customer_id, source, order_id, 1, purchase_day, purchased_at, time_zone, currency, total_minor, 0,
      lines, imported, string_to_array(identity_conflicts, ','), first_content, ${recordedAt}
    from unnest(
      ${array.plain(purchases.map(({ id }) => id))}::uuid[],
      ${array.plain(purchases.map(({ customerId }) => customerId))}::uuid[],
      ${array.text(purchases.map(({ source }) => source))}::text[],
      ${array.text(purchases.map(({ orderId }) => orderId))}::text[],
      ${array.plain(purchases.map(({ purchaseDay }) => purchaseDay))}::date[],
      ${array.instants(purchases.map(({ purchasedAt }) => purchasedAt))}::timestamptz[],
      ${array.text(purchases.map(({ timeZone }) => timeZone))}::text[],
      ${array.text(purchases.map(({ currency }) => currency))}::text[],
      ${array.plain(purchases.map(({ totalMinor }) => totalMinor))}::bigint[],
      ${array.json(purchases.map(({ lines }) => lines))}::jsonb[],
      ${array.plain(purchases.map(({ imported }) => imported))}::boolean[],
      ${array.text(purchases.map(({ identityConflicts }) => identityConflicts.join(',')))}::text[],
      ${array.bytes(purchases.map(({ firstContent }) => firstContent))}::bytea[]
    ) as fresh (id, customer_id, source, order_id, purchase_day, purchased_at, time_zone, currency,
      total_minor, lines, imported, identity_conflicts, first_content)
    order by source, order_id`);
}
