import type { DeepReadonly, ForecastUpdated } from '@regulars/contracts';
import { sql, type Transaction } from '@regulars/persistence';

export interface ForecastRow {
  readonly customerId: string;
  readonly epoch: number;
  readonly sequence: number;
  /** undefined = tombstone: no purchase is left. */
  readonly forecast?: DeepReadonly<ForecastUpdated>;
}

export const forecastStore = (tx: Pick<Transaction, 'query'>) => ({
  /** Newer over older only. */
  async saveMany(rows: readonly ForecastRow[]): Promise<void> {
    if (rows.length === 0) return;
    await tx.query(sql`
      insert into forecasts as f
      select * from jsonb_populate_recordset(null::forecasts, ${JSON.stringify(rows.map(toRow))}::jsonb)
      on conflict (customer_id) do update
      set epoch = excluded.epoch, sequence = excluded.sequence, based_on_epoch = excluded.based_on_epoch,
          based_on_sequence = excluded.based_on_sequence, standing = excluded.standing,
          last_purchase_day = excluded.last_purchase_day, cycle = excluded.cycle,
          cycle_days = excluded.cycle_days, due_day = excluded.due_day, remind_day = excluded.remind_day,
          contact_day = excluded.contact_day, lost_day = excluded.lost_day, imported = excluded.imported,
          basis = excluded.basis, expected_value_minor = excluded.expected_value_minor,
          currency = excluded.currency, model_version = excluded.model_version
      where (excluded.epoch, excluded.sequence) > (f.epoch, f.sequence)`);
  },
});

function toRow({ customerId, epoch, sequence, forecast }: ForecastRow): Record<string, unknown> {
  const base = { customer_id: customerId, epoch, sequence };
  if (!forecast)
    return { ...base, based_on_epoch: -1, based_on_sequence: -1, standing: false, imported: false };
  return {
    ...base,
    based_on_epoch: forecast.basedOn.epoch,
    based_on_sequence: forecast.basedOn.sequence,
    standing: true,
    last_purchase_day: forecast.basedOn.lastPurchaseDay,
    cycle: forecast.cycle,
    cycle_days: forecast.cycleDays,
    due_day: forecast.dueDay,
    remind_day: forecast.remindDay,
    contact_day: forecast.dueDay ?? forecast.remindDay,
    lost_day: forecast.lostDay,
    imported: forecast.imported,
    basis: forecast.basis,
    expected_value_minor: forecast.expectedPurchaseValueMinor,
    currency: forecast.currency,
    model_version: forecast.modelVersion,
  };
}
