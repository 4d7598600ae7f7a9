import type { StreamEvent } from '@regulars/contracts';
import { sql, type Transaction } from '@regulars/persistence';

type Judged = StreamEvent<'forecast-record'>;

export const forecastRecordStore = (tx: Transaction) => ({
  /** Makes missing customers and locks all in id order. */
  async lockCustomers(customerIds: readonly string[]): Promise<void> {
    const ids = [...new Set(customerIds)].sort();
    await tx.query(sql`
      insert into customers (customer_id) select unnest(${ids}::uuid[]) on conflict do nothing`);
    await tx.query(sql`
      select customer_id from customers where customer_id = any(${ids}::uuid[])
      order by customer_id for update`);
  },

  /** Puts the newest verdict on each purchase; at most one per purchase. Answers how many were newer. */
  async upsertNewest(events: readonly Judged[]): Promise<number> {
    if (events.length === 0) return 0;
    const rows = await tx.query(sql`
      insert into forecast_records as r (customer_id, purchase_id, epoch, sequence, purchase_day,
        inside_window, window_probability, error_days, baseline_error_days)
      select * from unnest(
        ${events.map(({ key }) => key)}::uuid[], ${events.map(({ data }) => data.purchaseId)}::uuid[],
        ${events.map(({ epoch }) => epoch)}::bigint[], ${events.map(({ sequence }) => sequence)}::bigint[],
        ${events.map(({ data }) => data.purchaseDay)}::date[],
        ${events.map(({ data }) => data.insideWindow ?? null)}::boolean[],
        ${events.map(({ data }) => data.forecast.window?.probability ?? null)}::double precision[],
        ${events.map(({ data }) => data.errorDays ?? null)}::integer[],
        ${events.map(({ data }) => data.baselineErrorDays ?? null)}::integer[])
      on conflict (customer_id, purchase_id) do update set
        epoch = excluded.epoch, sequence = excluded.sequence, purchase_day = excluded.purchase_day,
        inside_window = excluded.inside_window, window_probability = excluded.window_probability,
        error_days = excluded.error_days, baseline_error_days = excluded.baseline_error_days
      where (r.epoch, r.sequence) < (excluded.epoch, excluded.sequence)
      returning 1`);
    return rows.length;
  },
});
