import { ApiProperty } from '@nestjs/swagger';
import type { AnswerOf } from './answer-of.js';
import { PeriodRow, periodRow, ratio, SegmentRangeHead } from './report-response.dto.js';
import type { ReportRange } from './report-range.js';
import type { At, RevenueCounts } from './report-reads.store.js';

const nullable = { type: Number, nullable: true } as const;
const integer = { type: 'integer' } as const;

export class Revenue {
  @ApiProperty({ example: 'EUR' })
  currency: string;
  @ApiProperty(integer)
  orders: number;
  @ApiProperty(integer)
  revenueMinor: number;
  @ApiProperty(integer)
  repeatRevenueMinor: number;
  @ApiProperty(nullable)
  repeatShare: number | null;
}

export class RevenueRow extends PeriodRow {
  @ApiProperty({ type: [Revenue] })
  revenue: Revenue[];
}

export class RevenueReport extends SegmentRangeHead {
  @ApiProperty({ type: [RevenueRow] })
  data: RevenueRow[];
  @ApiProperty({ type: [Revenue], description: 'Over the whole range.' })
  total: Revenue[];
}

export class AverageCheck {
  @ApiProperty({ example: 'EUR' })
  currency: string;
  @ApiProperty(integer)
  orders: number;
  @ApiProperty(nullable)
  averageCheckMinor: number | null;
  @ApiProperty(nullable)
  repeatAverageCheckMinor: number | null;
}

export class AverageCheckRow extends PeriodRow {
  @ApiProperty({ type: [AverageCheck] })
  averageChecks: AverageCheck[];
}

export class AverageCheckReport extends SegmentRangeHead {
  @ApiProperty({ type: [AverageCheckRow] })
  data: AverageCheckRow[];
  @ApiProperty({ type: [AverageCheck], description: 'Over the whole range.' })
  total: AverageCheck[];
}

export function revenueRows(
  range: ReportRange,
  counts: readonly At<RevenueCounts>[],
): Pick<AnswerOf<RevenueReport>, 'data' | 'total'> {
  const data = perPeriod(range, counts).map(({ row, currencies }) => ({
    ...row,
    revenue: currencies.map(toRevenue),
  }));
  return { data, total: sumByCurrency(counts).map(toRevenue) };
}

export function averageCheckRows(
  range: ReportRange,
  counts: readonly At<RevenueCounts>[],
): Pick<AnswerOf<AverageCheckReport>, 'data' | 'total'> {
  const data = perPeriod(range, counts).map(({ row, currencies }) => ({
    ...row,
    averageChecks: currencies.map(toAverageCheck),
  }));
  return { data, total: sumByCurrency(counts).map(toAverageCheck) };
}

export function toRevenue({
  currency,
  orders,
  revenueMinor,
  repeatRevenueMinor,
}: RevenueCounts): AnswerOf<Revenue> {
  const repeatShare = ratio(repeatRevenueMinor, revenueMinor);
  return { currency, orders, revenueMinor, repeatRevenueMinor, repeatShare };
}

export function toAverageCheck(counts: RevenueCounts): AnswerOf<AverageCheck> {
  const { currency, orders, repeatOrders, revenueMinor, repeatRevenueMinor } = counts;
  return {
    currency,
    orders,
    averageCheckMinor: rounded(ratio(revenueMinor, orders)),
    repeatAverageCheckMinor: rounded(ratio(repeatRevenueMinor, repeatOrders)),
  };
}

const rounded = (amount: number | null) => (amount === null ? null : Math.round(amount));

function perPeriod(range: ReportRange, counts: readonly At<RevenueCounts>[]) {
  const at = Map.groupBy(counts, ({ start }) => start);
  return range.periods.map((period) => ({
    row: periodRow(period),
    currencies: at.get(period.from) ?? [],
  }));
}

function sumByCurrency(counts: readonly RevenueCounts[]): RevenueCounts[] {
  const sums = new Map<string, RevenueCounts>();
  for (const count of counts) {
    const sum = sums.get(count.currency);
    sums.set(count.currency, sum === undefined ? count : plus(sum, count));
  }
  return [...sums.values()].sort((one, other) => (one.currency < other.currency ? -1 : 1));
}

function plus(one: RevenueCounts, other: RevenueCounts): RevenueCounts {
  return {
    currency: one.currency,
    orders: one.orders + other.orders,
    repeatOrders: one.repeatOrders + other.repeatOrders,
    revenueMinor: one.revenueMinor + other.revenueMinor,
    repeatRevenueMinor: one.repeatRevenueMinor + other.repeatRevenueMinor,
  };
}
