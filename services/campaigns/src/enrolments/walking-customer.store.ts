import type { Channel, CycleSegment, LostKind } from '@regulars/contracts';
import type { Day } from '@regulars/kernel';
import { sql, type Transaction } from '@regulars/persistence';
import type { ForecastView, WalkingCustomer } from './enrolment.js';

interface Row {
  id: string;
  merged: boolean;
  stopStanding: boolean;
  segment: CycleSegment | null;
  lostKind: LostKind | null;
  timeZone: string | null;
  preferredChannel: Channel | null;
  lastDay: Day | null;
  lastCycle: string | null;
  lastImported: boolean | null;
  standing: boolean | null;
  upToDate: boolean | null;
  cycle: string | null;
  lastPurchaseDay: Day | null;
  dueDay: Day | null;
  remindDay: Day | null;
  cycleDays: number | null;
  expectedValueMinor: number | null;
  modelVersion: string | null;
  epoch: number | null;
  sequence: number | null;
}

/** All that decides which ladders customers walk, in one query. */
export const walkingCustomerStore = (tx: Pick<Transaction, 'query'>, companyZone: string) => ({
  async load(ids: readonly string[]): Promise<WalkingCustomer[]> {
    const rows = await tx.query<Row>(sql`
      select c.id, c.merged_into is not null as merged, c.segment, c.lost_kind as "lostKind",
        exists (select 1 from suppressions s where s.customer_id = c.id and s.settled_at is null) as "stopStanding",
        p.time_zone as "timeZone", p.preferred_channel as "preferredChannel",
        last.day as "lastDay", last.cycle as "lastCycle", last.imported as "lastImported",
        f.standing, (f.based_on_epoch, f.based_on_sequence) = (c.purchase_epoch, c.purchase_sequence) as "upToDate",
        f.cycle, f.last_purchase_day as "lastPurchaseDay", f.due_day as "dueDay", f.remind_day as "remindDay",
        f.cycle_days as "cycleDays", f.expected_value_minor as "expectedValueMinor",
        f.model_version as "modelVersion", f.epoch, f.sequence
      from customers c
      left join profiles p on p.customer_id = c.id
      left join forecasts f on f.customer_id = c.id
      left join lateral (
        select purchase_day as day, (array_agg(purchase_id order by purchase_id))[1] as cycle,
               bool_and(imported) as imported
        from purchases where customer_id = c.id and counts
        group by purchase_day order by purchase_day desc limit 1) last on true
      where c.id = any(${ids}::uuid[]) and c.erased_at is null
      order by c.id`);
    return rows.map((row) => toWalking(row, companyZone));
  },
});

function toWalking(row: Row, companyZone: string): WalkingCustomer {
  return {
    id: row.id,
    merged: row.merged,
    stopStanding: row.stopStanding,
    timeZone: row.timeZone ?? companyZone,
    forecast: forecastView(row),
    ...(row.segment === null ? {} : { segment: row.segment }),
    ...(row.lostKind === null ? {} : { lostKind: row.lostKind }),
    ...(row.preferredChannel === null ? {} : { preferredChannel: row.preferredChannel }),
    ...(row.lastDay === null || row.lastCycle === null
      ? {}
      : {
          lastPurchase: {
            day: row.lastDay,
            cycle: row.lastCycle,
            imported: row.lastImported ?? false,
          },
        }),
  };
}

function forecastView(row: Row): ForecastView {
  if (row.standing !== true) return { state: 'none' };
  const { cycle, lastPurchaseDay, modelVersion, epoch, sequence } = row;
  const complete = cycle !== null && lastPurchaseDay !== null && modelVersion !== null;
  if (!complete || epoch === null || sequence === null || row.upToDate !== true)
    return { state: 'pending' };
  return {
    state: 'current',
    forecast: {
      cycle,
      lastPurchaseDay,
      modelVersion,
      epoch,
      sequence,
      ...(row.dueDay === null ? {} : { dueDay: row.dueDay }),
      ...(row.remindDay === null ? {} : { remindDay: row.remindDay }),
      ...(row.cycleDays === null ? {} : { cycleDays: row.cycleDays }),
      ...(row.expectedValueMinor === null ? {} : { expectedValueMinor: row.expectedValueMinor }),
    },
  };
}
