import { sql, type Transaction } from '@regulars/persistence';
import type { ForecastPage, ForecastRow } from './forecast.store.js';
import { contactDayOf, type CustomerForecast } from './make-forecast.js';

/** Who is due within a category: the days of the category forecasts that `forecasts` carries, in a form to search by. */
export const categoryForecastsStore = (tx: Pick<Transaction, 'query'>) => ({
  /** Of customers whose forecast has categories, or had some: what is there no more goes. */
  async saveMany(rows: readonly Pick<ForecastRow, 'customerId' | 'forecast'>[]): Promise<void> {
    if (rows.length === 0) return;
    const wanted = rows.flatMap(({ customerId, forecast }) =>
      forecast.categories.map((within) => ({ customerId, within })),
    );
    await tx.query(sql`
      with wanted as (
        select * from unnest(
          ${wanted.map((row) => row.customerId)}::uuid[],
          ${wanted.map((row) => row.within.category)}::text[],
          ${wanted.map((row) => contactDayOf(row.within))}::date[],
          ${wanted.map((row) => row.within.lostDay)}::date[])
          as row (customer_id, category, contact_day, lost_day)
      ), gone as (
        delete from category_forecasts as old
        where customer_id = any(${rows.map((row) => row.customerId)}::uuid[])
          and not exists (select 1 from wanted
                          where (wanted.customer_id, wanted.category) = (old.customer_id, old.category))
      )
      insert into category_forecasts as old (customer_id, category, contact_day, lost_day)
      select * from wanted
      on conflict (customer_id, category) do update
      set contact_day = excluded.contact_day, lost_day = excluded.lost_day
      where (old.contact_day, old.lost_day) is distinct from (excluded.contact_day, excluded.lost_day)`);
  },

  async deleteOf(customerIds: readonly string[]): Promise<void> {
    if (customerIds.length === 0) return;
    await tx.query(sql`
      delete from category_forecasts where customer_id = any(${customerIds}::uuid[])`);
  },

  async count(category: string, wanted: ForecastPage): Promise<number> {
    const [row] = await tx.query<{ count: number }>(sql`
      select count(*) as count from category_forecasts
      where category = ${category}
        and contact_day >= ${wanted.fromDay ?? '-infinity'}::date
        and contact_day <= ${wanted.toDay ?? 'infinity'}::date
        and lost_day > ${wanted.notLostOn ?? '-infinity'}::date`);
    return row?.count ?? 0;
  },

  /** By the category's contact day, then id. One row more than the limit tells that there are more. */
  async page(category: string, wanted: ForecastPage): Promise<ForecastRow[]> {
    const [afterDay, afterId] = wanted.after ?? [
      '-infinity',
      '00000000-0000-0000-0000-000000000000',
    ];
    return tx.query<ForecastRow>(sql`
      select forecasts.customer_id as "customerId", forecasts.forecast,
             forecasts.published_day as "publishedDay"
      from (
        select contact_day, customer_id from category_forecasts
        where category = ${category}
          and (contact_day, customer_id) > (${afterDay}::date, ${afterId}::uuid)
          and contact_day >= ${wanted.fromDay ?? '-infinity'}::date
          and contact_day <= ${wanted.toDay ?? 'infinity'}::date
          and lost_day > ${wanted.notLostOn ?? '-infinity'}::date
        order by contact_day, customer_id limit ${wanted.limit + 1}
      ) as due join forecasts using (customer_id)
      order by due.contact_day, customer_id`);
  },
});

/** Whether a change of forecasts touches what is kept here. */
export function concernsCategories(
  now: CustomerForecast,
  before: CustomerForecast | undefined,
): boolean {
  return now.categories.length > 0 || (before?.categories.length ?? 0) > 0;
}
