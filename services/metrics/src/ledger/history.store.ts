import { sql, type Transaction } from '@regulars/persistence';
import {
  unknownCustomer,
  type CustomerHistory,
  type Order,
  type SegmentEvent,
  type Touch,
} from './customer-history.js';

interface CustomerRow extends Pick<CustomerHistory, 'customerId' | 'erasedDay' | 'mergedDay'> {
  mergeEpoch: number | null;
  mergeSequence: number | null;
}
type Of<T> = T & { customerId: string };

/** The histories behind the totals. */
export const historyStore = (tx: Transaction) => ({
  /** Makes missing customers, locks all in id order, and then reads their histories. */
  async lockMany(customerIds: readonly string[]): Promise<Map<string, CustomerHistory>> {
    const ids = [...new Set(customerIds)].sort();
    if (ids.length === 0) return new Map();
    await tx.query(sql`
      insert into customers (customer_id) select unnest(${ids}::uuid[]) on conflict do nothing`);
    const customers = await tx.query<CustomerRow>(sql`
      select customer_id as "customerId", erased_day as "erasedDay", merged_day as "mergedDay",
             merge_epoch as "mergeEpoch", merge_sequence as "mergeSequence"
      from customers where customer_id = any(${ids}::uuid[]) order by customer_id for update`);
    const orders = await tx.query<Of<Order>>(sql`
      select customer_id as "customerId", order_key as key, epoch, revision, purchase_day as day,
             purchased_at as "purchasedAt", currency, total_minor as "totalMinor"
      from orders where customer_id = any(${ids}::uuid[])`);
    const segments = await tx.query<Of<SegmentEvent>>(sql`
      select customer_id as "customerId", epoch, sequence, day, series, cause
      from segment_events where customer_id = any(${ids}::uuid[])`);
    const touches = await tx.query<Of<Touch>>(sql`
      select customer_id as "customerId", touch_id as "touchId", epoch, sequence, day, channel,
             campaign_id as "campaignId", outcome, detail, reached_at as "reachedAt"
      from touches where customer_id = any(${ids}::uuid[])`);
    return assemble(customers, orders, segments, touches);
  },

  async saveCustomers(histories: readonly CustomerHistory[]): Promise<void> {
    if (histories.length === 0) return;
    await tx.query(sql`
      update customers c set erased_day = n.erased_day, merged_day = n.merged_day,
        merge_epoch = n.merge_epoch, merge_sequence = n.merge_sequence
      from unnest(
        ${histories.map((history) => history.customerId)}::uuid[],
        ${histories.map((history) => history.erasedDay)}::date[],
        ${histories.map((history) => history.mergedDay)}::date[],
        ${histories.map((history) => history.mergeAt?.epoch ?? null)}::bigint[],
        ${histories.map((history) => history.mergeAt?.sequence ?? null)}::bigint[])
        as n (customer_id, erased_day, merged_day, merge_epoch, merge_sequence)
      where c.customer_id = n.customer_id`);
  },

  async saveOrders(orders: readonly Of<Order>[]): Promise<void> {
    if (orders.length === 0) return;
    await tx.query(sql`
      insert into orders (customer_id, order_key, epoch, revision, purchase_day, purchased_at, currency, total_minor)
      select * from unnest(
        ${orders.map((order) => order.customerId)}::uuid[], ${orders.map((order) => order.key)}::uuid[],
        ${orders.map((order) => order.epoch)}::bigint[], ${orders.map((order) => order.revision)}::integer[],
        ${orders.map((order) => order.day)}::date[], ${orders.map((order) => order.purchasedAt)}::timestamptz[],
        ${orders.map((order) => order.currency)}::text[], ${orders.map((order) => order.totalMinor)}::bigint[])
      on conflict (customer_id, order_key) do update set
        epoch = excluded.epoch, revision = excluded.revision, purchase_day = excluded.purchase_day,
        purchased_at = excluded.purchased_at, currency = excluded.currency, total_minor = excluded.total_minor`);
  },

  async addSegments(events: readonly Of<SegmentEvent>[]): Promise<void> {
    if (events.length === 0) return;
    await tx.query(sql`
      insert into segment_events (customer_id, epoch, sequence, day, series, cause)
      select * from unnest(
        ${events.map((event) => event.customerId)}::uuid[], ${events.map((event) => event.epoch)}::bigint[],
        ${events.map((event) => event.sequence)}::bigint[], ${events.map((event) => event.day)}::date[],
        ${events.map((event) => event.series)}::text[], ${events.map((event) => event.cause)}::text[])`);
  },

  async saveTouches(touches: readonly Of<Touch>[]): Promise<void> {
    if (touches.length === 0) return;
    await tx.query(sql`
      insert into touches (customer_id, touch_id, epoch, sequence, day, channel, campaign_id, outcome, detail, reached_at)
      select * from unnest(
        ${touches.map((touch) => touch.customerId)}::uuid[], ${touches.map((touch) => touch.touchId)}::uuid[],
        ${touches.map((touch) => touch.epoch)}::bigint[], ${touches.map((touch) => touch.sequence)}::bigint[],
        ${touches.map((touch) => touch.day)}::date[], ${touches.map((touch) => touch.channel)}::text[],
        ${touches.map((touch) => touch.campaignId)}::uuid[], ${touches.map((touch) => touch.outcome)}::text[],
        ${touches.map((touch) => touch.detail)}::text[], ${touches.map((touch) => touch.reachedAt)}::timestamptz[])
      on conflict (customer_id, touch_id) do update set
        epoch = excluded.epoch, sequence = excluded.sequence, day = excluded.day, channel = excluded.channel,
        campaign_id = excluded.campaign_id, outcome = excluded.outcome, detail = excluded.detail,
        reached_at = excluded.reached_at`);
  },
});

function assemble(
  customers: readonly CustomerRow[],
  orders: readonly Of<Order>[],
  segments: readonly Of<SegmentEvent>[],
  touches: readonly Of<Touch>[],
): Map<string, CustomerHistory> {
  const ordersOf = Map.groupBy(orders, ({ customerId }) => customerId);
  const segmentsOf = Map.groupBy(segments, ({ customerId }) => customerId);
  const touchesOf = Map.groupBy(touches, ({ customerId }) => customerId);
  const histories = customers.map((customer): CustomerHistory => {
    const { customerId, erasedDay, mergedDay, mergeEpoch, mergeSequence } = customer;
    const merged = mergeEpoch !== null && mergeSequence !== null;
    return {
      ...unknownCustomer(customerId),
      erasedDay,
      mergedDay,
      mergeAt: merged ? { epoch: mergeEpoch, sequence: mergeSequence } : null,
      orders: new Map((ordersOf.get(customerId) ?? []).map((order) => [order.key, order])),
      segments: segmentsOf.get(customerId) ?? [],
      touches: new Map((touchesOf.get(customerId) ?? []).map((touch) => [touch.touchId, touch])),
    };
  });
  return new Map(histories.map((history) => [history.customerId, history]));
}
