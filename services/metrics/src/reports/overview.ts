import { ApiProperty } from '@nestjs/swagger';
import { addDays, type Day } from '@regulars/kernel';
import type { Database } from '@regulars/persistence';
import { reportReads } from './report-reads.store.js';
import { ratio, ReportHead } from './report-response.js';
import { AverageCheck, Revenue, toAverageCheck, toRevenue } from './revenue-reports.js';
import { Churn, SegmentShare, sizesAt, toChurn, toShares } from './segment-reports.js';

const nullable = { type: Number, nullable: true } as const;
const integer = { type: 'integer' } as const;
/** The overview's window. */
export const overviewDays = 30;
const beginning: Day = '0001-01-01';

export class CustomersReport extends ReportHead {
  @ApiProperty(integer)
  customersWithPurchases: number;
  @ApiProperty(integer)
  returningCustomers: number;
  @ApiProperty(nullable)
  repeatPurchaseRate: number | null;
  @ApiProperty(integer)
  orders: number;
  @ApiProperty(integer)
  purchaseDays: number;
  @ApiProperty({ type: [Revenue] })
  revenue: Revenue[];
}
export type CustomerNumbers = Omit<CustomersReport, keyof ReportHead>;

export class OverviewReport extends ReportHead {
  @ApiProperty({ format: 'date' })
  from: Day;
  @ApiProperty({ format: 'date' })
  to: Day;
  @ApiProperty(integer)
  purchaseDays: number;
  @ApiProperty(integer)
  repeatPurchaseDays: number;
  @ApiProperty(nullable)
  repeatShare: number | null;
  @ApiProperty(nullable)
  repeatPurchaseRate: number | null;
  @ApiProperty({ type: [Revenue] })
  revenue: Revenue[];
  @ApiProperty({ type: [AverageCheck] })
  averageChecks: AverageCheck[];
  @ApiProperty(integer)
  customersWithPurchases: number;
  @ApiProperty({ type: [SegmentShare] })
  segments: SegmentShare[];
  @ApiProperty({ type: Churn })
  churn: Churn;
}
export type OverviewNumbers = Omit<OverviewReport, keyof ReportHead>;

/** Sums over all time: each customer has one first purchase day, and with a second one came back. */
export async function customerNumbers(database: Database, today: Day): Promise<CustomerNumbers> {
  const reads = reportReads(database);
  const sums = await reads.purchaseSums(beginning, today);
  const revenue = await reads.revenueSums(beginning, today);
  return {
    customersWithPurchases: sums.firstDays,
    returningCustomers: sums.secondDays,
    repeatPurchaseRate: ratio(sums.secondDays, sums.firstDays),
    orders: revenue.reduce((orders, sum) => orders + sum.orders, 0),
    purchaseDays: sums.purchaseDays,
    revenue: revenue.map(toRevenue),
  };
}

export async function overviewNumbers(database: Database, today: Day): Promise<OverviewNumbers> {
  const reads = reportReads(database);
  const from = addDays(today, 1 - overviewDays);
  const recent = await reads.purchaseSums(from, today);
  const revenue = await reads.revenueSums(from, today);
  const ever = await reads.purchaseSums(beginning, today);
  const [sizes = new Map()] = sizesAt([today], await reads.membershipDeltas(today));
  return {
    from,
    to: today,
    purchaseDays: recent.purchaseDays,
    repeatPurchaseDays: recent.repeatDays,
    repeatShare: ratio(recent.repeatDays, recent.purchaseDays),
    repeatPurchaseRate: ratio(ever.secondDays, ever.firstDays),
    revenue: revenue.map(toRevenue),
    averageChecks: revenue.map(toAverageCheck),
    ...toShares(sizes),
    churn: toChurn(sizes),
  };
}
