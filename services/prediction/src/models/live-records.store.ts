import type { ForecastJudged } from '@regulars/contracts';
import type { Day } from '@regulars/kernel';
import { sql, type Transaction } from '@regulars/persistence';
import { addRecords, recordOf, type LiveRecord } from './live-record.js';

interface Row extends LiveRecord {
  readonly modelVersion: string;
  readonly purchaseDay: Day;
}

export const liveRecordsStore = (tx: Pick<Transaction, 'query'>) => ({
  /** Last in a transaction, and in the order of the keys: batches of other partitions write the same rows. */
  async add(judged: readonly ForecastJudged[]): Promise<void> {
    const rows = rowsOf(judged);
    if (rows.length === 0) return;
    await tx.query(sql`
      insert into live_records as old (model_version, purchase_day, judged, with_date, within_14_days,
                                       baseline_within_14_days, with_window, inside_window)
      select * from unnest(
        ${rows.map((r) => r.modelVersion)}::text[], ${rows.map((r) => r.purchaseDay)}::date[],
        ${rows.map((r) => r.judged)}::integer[], ${rows.map((r) => r.withDate)}::integer[],
        ${rows.map((r) => r.within14Days)}::integer[],
        ${rows.map((r) => r.baselineWithin14Days)}::integer[],
        ${rows.map((r) => r.withWindow)}::integer[], ${rows.map((r) => r.insideWindow)}::integer[])
      on conflict (model_version, purchase_day) do update
      set judged = old.judged + excluded.judged, with_date = old.with_date + excluded.with_date,
          within_14_days = old.within_14_days + excluded.within_14_days,
          baseline_within_14_days = old.baseline_within_14_days + excluded.baseline_within_14_days,
          with_window = old.with_window + excluded.with_window,
          inside_window = old.inside_window + excluded.inside_window`);
  },

  /** Over all days, by version; a version whose forecasts nobody has met yet is absent. */
  async ofVersions(versions: readonly string[]): Promise<Map<string, LiveRecord>> {
    const rows = await tx.query<LiveRecord & { modelVersion: string }>(sql`
      select model_version as "modelVersion", sum(judged)::integer as judged,
             sum(with_date)::integer as "withDate", sum(within_14_days)::integer as "within14Days",
             sum(baseline_within_14_days)::integer as "baselineWithin14Days",
             sum(with_window)::integer as "withWindow", sum(inside_window)::integer as "insideWindow"
      from live_records where model_version = any(${versions}::text[]) group by model_version`);
    return new Map(rows.map(({ modelVersion, ...record }) => [modelVersion, record]));
  },
});

function rowsOf(judged: readonly ForecastJudged[]): Row[] {
  const rows = new Map<string, Row>();
  for (const one of judged) {
    const { purchaseDay } = one;
    const { modelVersion } = one.forecast;
    const key = `${modelVersion} ${purchaseDay}`;
    const before = rows.get(key);
    const record = recordOf(one);
    rows.set(key, {
      modelVersion,
      purchaseDay,
      ...(before ? addRecords(before, record) : record),
    });
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
