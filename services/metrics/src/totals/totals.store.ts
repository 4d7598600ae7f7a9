import { sql, type Transaction } from '@regulars/persistence';
import type { Tally } from './tally.js';
import type { Totals } from './totals.js';

/** Moves the totals by a change. Rows are taken in key order and the tables always in this one, so no two batches wait for each other in a circle. */
export const totalsStore = (tx: Transaction) => ({
  async add(change: Totals): Promise<void> {
    await addPurchases(tx, change.purchases);
    await addRevenue(tx, change.revenue);
    await addMemberships(tx, change.memberships);
    await addTouches(tx, change.touches);
    await addTouchPurchases(tx, change.touchPurchases);
  },
});

async function addPurchases(tx: Transaction, tally: Tally): Promise<void> {
  const { size, key, counter } = columnsOf(tally);
  if (size === 0) return;
  await tx.query(sql`
    insert into purchase_totals as t (period, period_start, segment, buyers, returning_buyers,
      purchase_days, repeat_days, first_days, second_days, gap_days)
    select * from unnest(${key(0)}::text[], ${key(1)}::date[], ${key(2)}::text[],
      ${counter(0)}::bigint[], ${counter(1)}::bigint[], ${counter(2)}::bigint[], ${counter(3)}::bigint[],
      ${counter(4)}::bigint[], ${counter(5)}::bigint[], ${counter(6)}::bigint[])
    on conflict (period, period_start, segment) do update set
      buyers = t.buyers + excluded.buyers, returning_buyers = t.returning_buyers + excluded.returning_buyers,
      purchase_days = t.purchase_days + excluded.purchase_days, repeat_days = t.repeat_days + excluded.repeat_days,
      first_days = t.first_days + excluded.first_days, second_days = t.second_days + excluded.second_days,
      gap_days = t.gap_days + excluded.gap_days`);
}

async function addRevenue(tx: Transaction, tally: Tally): Promise<void> {
  const { size, key, counter } = columnsOf(tally);
  if (size === 0) return;
  await tx.query(sql`
    insert into revenue_totals as t (period, period_start, segment, currency, orders, repeat_orders,
      revenue_minor, repeat_revenue_minor)
    select * from unnest(${key(0)}::text[], ${key(1)}::date[], ${key(2)}::text[], ${key(3)}::text[],
      ${counter(0)}::bigint[], ${counter(1)}::bigint[], ${counter(2)}::bigint[], ${counter(3)}::bigint[])
    on conflict (period, period_start, segment, currency) do update set
      orders = t.orders + excluded.orders, repeat_orders = t.repeat_orders + excluded.repeat_orders,
      revenue_minor = t.revenue_minor + excluded.revenue_minor,
      repeat_revenue_minor = t.repeat_revenue_minor + excluded.repeat_revenue_minor`);
}

async function addMemberships(tx: Transaction, tally: Tally): Promise<void> {
  const { size, key, counter } = columnsOf(tally);
  if (size === 0) return;
  await tx.query(sql`
    insert into membership_deltas as t (day, series, delta)
    select * from unnest(${key(0)}::date[], ${key(1)}::text[], ${counter(0)}::bigint[])
    on conflict (day, series) do update set delta = t.delta + excluded.delta`);
}

async function addTouches(tx: Transaction, tally: Tally): Promise<void> {
  const { size, key, counter } = columnsOf(tally);
  if (size === 0) return;
  await tx.query(sql`
    insert into touch_totals as t (day, channel, campaign_id, outcome, detail, touches)
    select * from unnest(${key(0)}::date[], ${key(1)}::text[], ${key(2)}::uuid[], ${key(3)}::text[],
      ${key(4)}::text[], ${counter(0)}::bigint[])
    on conflict (day, channel, campaign_id, outcome, detail) do update set
      touches = t.touches + excluded.touches`);
}

async function addTouchPurchases(tx: Transaction, tally: Tally): Promise<void> {
  const { size, key, counter } = columnsOf(tally);
  if (size === 0) return;
  await tx.query(sql`
    insert into touch_purchases as t (day, channel, campaign_id, currency, purchases, revenue_minor)
    select * from unnest(${key(0)}::date[], ${key(1)}::text[], ${key(2)}::uuid[], ${key(3)}::text[],
      ${counter(0)}::bigint[], ${counter(1)}::bigint[])
    on conflict (day, channel, campaign_id, currency) do update set
      purchases = t.purchases + excluded.purchases, revenue_minor = t.revenue_minor + excluded.revenue_minor`);
}

/** The tally as one array per column. */
function columnsOf(tally: Tally) {
  const rows = tally.entries();
  return {
    size: rows.length,
    key: (index: number) => rows.map(({ key }) => key[index] ?? ''),
    counter: (index: number) => rows.map(({ counters }) => counters[index] ?? 0),
  };
}
