import { ApiProperty } from '@nestjs/swagger';
import { addDays, type Day } from '@regulars/kernel';
import type { Database } from '@regulars/persistence';
import type { AnswerOf } from './answer-of.js';
import { reportReads } from './report-reads.store.js';
import { ratio, ReportHead } from './report-response.dto.js';
import { AverageCheck, Revenue, toAverageCheck, toRevenue } from './revenue-reports.dto.js';
import { Churn, SegmentShare, sizesAt, toChurn, toShares } from './segment-reports.dto.js';

const nullable = { type: Number, nullable: true } as const;
const integer = { type: 'integer' } as const;
/** The overview's window. */
export const overviewDays = 30;
/** All time: a shop east of the company is already a day further. */
const ever = { from: '0001-01-01', to: '9999-12-31' } as const;

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
export type CustomerNumbers = Omit<AnswerOf<CustomersReport>, keyof ReportHead>;

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
export type OverviewNumbers = Omit<AnswerOf<OverviewReport>, keyof ReportHead>;

/** Sums over all time: each customer has one first purchase day, and with a second one came back. */
export async function customerNumbers(database: Database): Promise<CustomerNumbers> {
  const reads = reportReads(database);
  const sums = await reads.purchaseSums(ever.from, ever.to);
  const revenue = await reads.revenueSums(ever.from, ever.to);
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
  const allTime = await reads.purchaseSums(ever.from, ever.to);
  const [sizes = new Map()] = sizesAt([today], await reads.membershipDeltas(today));
  return {
    from,
    to: today,
    purchaseDays: recent.purchaseDays,
    repeatPurchaseDays: recent.repeatDays,
    repeatShare: ratio(recent.repeatDays, recent.purchaseDays),
    repeatPurchaseRate: ratio(allTime.secondDays, allTime.firstDays),
    revenue: revenue.map(toRevenue),
    averageChecks: revenue.map(toAverageCheck),
    ...toShares(sizes),
    churn: toChurn(sizes),
  };
}
