import { sql, type Database } from '@regulars/persistence';
import type { Day } from '@regulars/kernel';
import type { TouchOutcome } from '../ledger/customer-history.js';
import type { MembershipSeries } from '../totals/membership-totals.js';
import type { ReportRange } from './report-range.js';

export interface PurchaseCounts {
  readonly buyers: number;
  readonly returningBuyers: number;
  readonly purchaseDays: number;
  readonly repeatDays: number;
  readonly firstDays: number;
  readonly secondDays: number;
  readonly gapDays: number;
}

export interface RevenueCounts {
  readonly currency: string;
  readonly orders: number;
  readonly repeatOrders: number;
  readonly revenueMinor: number;
  readonly repeatRevenueMinor: number;
}

/** Rows of a period, by its first day. */
export type At<T> = T & { readonly start: Day };

export interface MembershipDelta {
  readonly day: Day;
  readonly series: MembershipSeries;
  readonly delta: number;
}

export interface TouchCount {
  readonly start: Day;
  readonly channel: string;
  readonly outcome: TouchOutcome;
  readonly detail: string;
  readonly touches: number;
}

export interface TouchPurchases {
  readonly start: Day;
  readonly channel: string;
  readonly currency: string;
  readonly purchases: number;
  readonly revenueMinor: number;
}

export interface Verdicts {
  readonly start: Day;
  readonly judged: number;
  readonly withWindow: number;
  readonly insideWindow: number;
  readonly promisedShare: number | null;
  readonly medianErrorDays: number | null;
  readonly medianBaselineErrorDays: number | null;
}

/** Reads of the totals: what they cost depends on the days asked for, not on how many purchases there were. */
export const reportReads = (database: Database) => ({
  purchases({ by, from, to }: ReportRange, segment: string): Promise<At<PurchaseCounts>[]> {
    return database.query<At<PurchaseCounts>>(sql`
      select period_start as start, ${purchaseColumns} from purchase_totals
      where period = ${by} and segment = ${segment} and period_start between ${from} and ${to}
      order by 1`);
  },

  revenue({ by, from, to }: ReportRange, segment: string): Promise<At<RevenueCounts>[]> {
    return database.query<At<RevenueCounts>>(sql`
      select period_start as start, ${revenueColumns} from revenue_totals
      where period = ${by} and segment = ${segment} and period_start between ${from} and ${to}
        and orders > 0
      order by 1, currency`);
  },

  /** Sums over days; buyers are left out, since they cannot be added up. */
  async purchaseSums(
    from: Day,
    to: Day,
  ): Promise<Omit<PurchaseCounts, 'buyers' | 'returningBuyers'>> {
    const [sums] = await database.query<PurchaseCounts>(sql`
      select ${purchaseSums} from purchase_totals
      where period = 'day' and segment = 'all' and period_start between ${from} and ${to}`);
    return sums ?? { purchaseDays: 0, repeatDays: 0, firstDays: 0, secondDays: 0, gapDays: 0 };
  },

  revenueSums(from: Day, to: Day): Promise<RevenueCounts[]> {
    return database.query<RevenueCounts>(sql`
      select currency, sum(orders)::bigint as orders, sum(repeat_orders)::bigint as "repeatOrders",
             sum(revenue_minor)::bigint as "revenueMinor",
             sum(repeat_revenue_minor)::bigint as "repeatRevenueMinor"
      from revenue_totals
      where period = 'day' and segment = 'all' and period_start between ${from} and ${to}
      group by currency having sum(orders) > 0 order by currency`);
  },

  /** All comings and goings up to a day, in order: their sums are the sizes. */
  membershipDeltas(to: Day): Promise<MembershipDelta[]> {
    return database.query<MembershipDelta>(sql`
      select day, series, delta from membership_deltas where day <= ${to} and delta <> 0 order by day`);
  },

  touches({ by, from, to }: ReportRange, campaignId?: string): Promise<TouchCount[]> {
    return database.query<TouchCount>(sql`
      select date_trunc(${by}::text, day)::date as start, channel, outcome, detail, sum(touches)::bigint as touches
      from touch_totals
      where day between ${from} and ${to} and (${campaignId ?? null}::uuid is null or campaign_id = ${campaignId ?? null})
      group by 1, 2, 3, 4 having sum(touches) > 0 order by 1, 2, 3, 4`);
  },

  touchPurchases({ by, from, to }: ReportRange, campaignId?: string): Promise<TouchPurchases[]> {
    return database.query<TouchPurchases>(sql`
      select date_trunc(${by}::text, day)::date as start, channel, currency,
             sum(purchases)::bigint as purchases, sum(revenue_minor)::bigint as "revenueMinor"
      from touch_purchases
      where day between ${from} and ${to} and (${campaignId ?? null}::uuid is null or campaign_id = ${campaignId ?? null})
      group by 1, 2, 3 having sum(purchases) > 0 order by 1, 2, 3`);
  },

  verdicts({ by, from, to }: ReportRange): Promise<Verdicts[]> {
    return database.query<Verdicts>(sql`
      select date_trunc(${by}::text, purchase_day)::date as start, count(*) as judged,
             count(inside_window) as "withWindow", count(*) filter (where inside_window) as "insideWindow",
             -- numeric: a sum of doubles would depend on the order of the rows
             (avg(window_probability::numeric) filter (where inside_window is not null))::double precision as "promisedShare",
             percentile_cont(0.5) within group (order by abs(error_days)) as "medianErrorDays",
             percentile_cont(0.5) within group (order by abs(baseline_error_days))
               filter (where error_days is not null) as "medianBaselineErrorDays"
      from forecast_records where purchase_day between ${from} and ${to} group by 1 order by 1`);
  },
});

const purchaseColumns = sql`buyers, returning_buyers as "returningBuyers", purchase_days as "purchaseDays",
  repeat_days as "repeatDays", first_days as "firstDays", second_days as "secondDays", gap_days as "gapDays"`;
const purchaseSums = sql`coalesce(sum(purchase_days), 0)::bigint as "purchaseDays",
  coalesce(sum(repeat_days), 0)::bigint as "repeatDays", coalesce(sum(first_days), 0)::bigint as "firstDays",
  coalesce(sum(second_days), 0)::bigint as "secondDays", coalesce(sum(gap_days), 0)::bigint as "gapDays"`;
const revenueColumns = sql`currency, orders, repeat_orders as "repeatOrders",
  revenue_minor as "revenueMinor", repeat_revenue_minor as "repeatRevenueMinor"`;
