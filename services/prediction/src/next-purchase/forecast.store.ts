import type { Day } from '@regulars/kernel';
import { sql, type Transaction } from '@regulars/persistence';
import type { PublishedForecast } from './judge-forecast.js';
import { contactDayOf, type CustomerForecast } from './make-forecast.js';

export interface ForecastRow extends PublishedForecast {
  readonly customerId: string;
}

export interface ForecastPage {
  /** Contact days from and to, both included. */
  readonly fromDay?: Day;
  readonly toDay?: Day;
  /** Leaves out customers who are lost on this day. */
  readonly notLostOn?: Day;
  readonly after?: readonly [day: Day, customerId: string];
  readonly limit: number;
}

export const forecastStore = (tx: Pick<Transaction, 'query'>) => ({
  async ofCustomers(customerIds: readonly string[]): Promise<Map<string, PublishedForecast>> {
    const rows = await tx.query<ForecastRow>(sql`
      select customer_id as "customerId", forecast, published_day as "publishedDay"
      from forecasts where customer_id = any(${customerIds}::uuid[])`);
    return new Map(rows.map((row) => [row.customerId, row]));
  },

  async saveMany(rows: readonly ForecastRow[]): Promise<void> {
    if (rows.length === 0) return;
    await tx.query(sql`
      insert into forecasts (customer_id, purchase_count, last_purchase_day, contact_day, lost_day,
                             published_day, forecast)
      select * from unnest(
        ${rows.map((r) => r.customerId)}::uuid[],
        ${rows.map((r) => r.forecast.purchaseCount)}::integer[],
        ${rows.map((r) => r.forecast.lastPurchaseDay)}::date[],
        ${rows.map((r) => contactDayOf(r.forecast))}::date[],
        ${rows.map((r) => lostDayOf(r.forecast))}::date[],
        ${rows.map((r) => r.publishedDay)}::date[],
        ${rows.map((r) => JSON.stringify(r.forecast))}::jsonb[])
      on conflict (customer_id) do update
      set purchase_count = excluded.purchase_count,
          last_purchase_day = excluded.last_purchase_day, contact_day = excluded.contact_day,
          lost_day = excluded.lost_day, published_day = excluded.published_day,
          forecast = excluded.forecast`);
  },

  /** How many rows went. */
  async deleteOf(customerIds: readonly string[]): Promise<Map<string, number>> {
    if (customerIds.length === 0) return new Map();
    const rows = await tx.query<{ customerId: string }>(sql`
      delete from forecasts where customer_id = any(${customerIds}::uuid[])
      returning customer_id as "customerId"`);
    return new Map(rows.map(({ customerId }) => [customerId, 1]));
  },

  /** Customers with a forecast after an id, in id order: how a rescoring and a fit walk all of them. */
  async idsAfter(customerId: string | null, limit: number): Promise<string[]> {
    const after = customerId ?? '00000000-0000-0000-0000-000000000000';
    const rows = await tx.query<{ id: string }>(sql`
      select customer_id as id from forecasts where customer_id > ${after}::uuid
      order by customer_id limit ${limit}`);
    return rows.map(({ id }) => id);
  },

  /** How many a list has over all its pages. */
  async count(wanted: ForecastPage): Promise<number> {
    const [row] = await tx.query<{ count: number }>(sql`
      select count(*) as count from forecasts
      where contact_day >= ${wanted.fromDay ?? '-infinity'}::date
        and contact_day <= ${wanted.toDay ?? 'infinity'}::date
        and lost_day > ${wanted.notLostOn ?? '-infinity'}::date`);
    return row?.count ?? 0;
  },

  /** By contact day, then id. One row more than the limit tells that there are more. */
  async page(wanted: ForecastPage): Promise<ForecastRow[]> {
    const [afterDay, afterId] = wanted.after ?? [
      '-infinity',
      '00000000-0000-0000-0000-000000000000',
    ];
    return tx.query<ForecastRow>(sql`
      select customer_id as "customerId", forecast, published_day as "publishedDay"
      from forecasts
      where (contact_day, customer_id) > (${afterDay}::date, ${afterId}::uuid)
        and contact_day >= ${wanted.fromDay ?? '-infinity'}::date
        and contact_day <= ${wanted.toDay ?? 'infinity'}::date
        and lost_day > ${wanted.notLostOn ?? '-infinity'}::date
      order by contact_day, customer_id limit ${wanted.limit + 1}`);
  },

  /** How large the population is that a fit would see. */
  async population(): Promise<{ customers: number; purchaseDays: number }> {
    const [row] = await tx.query<{ customers: number; purchaseDays: number }>(sql`
      select count(*) as customers, coalesce(sum(purchase_count), 0)::bigint as "purchaseDays"
      from forecasts`);
    return row ?? { customers: 0, purchaseDays: 0 };
  },
});

function lostDayOf(forecast: CustomerForecast): Day {
  if (forecast.lostDay === undefined) throw new TypeError('A forecast must carry its lost day.');
  return forecast.lostDay;
}
