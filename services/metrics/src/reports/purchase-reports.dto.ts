import { ApiProperty } from '@nestjs/swagger';
import type { AnswerOf } from './answer-of.js';
import { PeriodRow, periodRow, ratio, SegmentRangeHead } from './report-response.dto.js';
import type { ReportRange } from './report-range.js';
import type { At, PurchaseCounts } from './report-reads.store.js';

const nullable = { type: Number, nullable: true } as const;
const integer = { type: 'integer' } as const;

export class RepeatPurchasesRow extends PeriodRow {
  @ApiProperty(integer)
  purchaseDays: number;
  @ApiProperty(integer)
  repeatPurchaseDays: number;
  @ApiProperty(nullable)
  share: number | null;
  @ApiProperty(integer)
  buyers: number;
  @ApiProperty(integer)
  returningBuyers: number;
  @ApiProperty(nullable)
  returningShare: number | null;
}

export class RepeatPurchasesTotal {
  @ApiProperty(integer)
  purchaseDays: number;
  @ApiProperty(integer)
  repeatPurchaseDays: number;
  @ApiProperty(nullable)
  share: number | null;
}

export class RepeatPurchasesReport extends SegmentRangeHead {
  @ApiProperty({ type: [RepeatPurchasesRow] })
  data: RepeatPurchasesRow[];
  @ApiProperty({ type: RepeatPurchasesTotal, description: 'Over the whole range.' })
  total: RepeatPurchasesTotal;
}

export class FrequencyRow extends PeriodRow {
  @ApiProperty(integer)
  purchaseDays: number;
  @ApiProperty(integer)
  buyers: number;
  @ApiProperty(nullable)
  purchaseDaysPerBuyer: number | null;
  @ApiProperty(nullable)
  meanGapDays: number | null;
}

export class FrequencyReport extends SegmentRangeHead {
  @ApiProperty({ type: [FrequencyRow] })
  data: FrequencyRow[];
}

export function repeatPurchaseRows(
  range: ReportRange,
  counts: readonly At<PurchaseCounts>[],
): Pick<AnswerOf<RepeatPurchasesReport>, 'data' | 'total'> {
  const data = perPeriod(range, counts).map(({ row, count }) => ({
    ...row,
    purchaseDays: count.purchaseDays,
    repeatPurchaseDays: count.repeatDays,
    share: ratio(count.repeatDays, count.purchaseDays),
    buyers: count.buyers,
    returningBuyers: count.returningBuyers,
    returningShare: ratio(count.returningBuyers, count.buyers),
  }));
  const purchaseDays = data.reduce((sum, row) => sum + row.purchaseDays, 0);
  const repeatPurchaseDays = data.reduce((sum, row) => sum + row.repeatPurchaseDays, 0);
  const share = ratio(repeatPurchaseDays, purchaseDays);
  return { data, total: { purchaseDays, repeatPurchaseDays, share } };
}

export function frequencyRows(
  range: ReportRange,
  counts: readonly At<PurchaseCounts>[],
): AnswerOf<FrequencyRow>[] {
  return perPeriod(range, counts).map(({ row, count }) => ({
    ...row,
    purchaseDays: count.purchaseDays,
    buyers: count.buyers,
    purchaseDaysPerBuyer: ratio(count.purchaseDays, count.buyers),
    meanGapDays: ratio(count.gapDays, count.repeatDays),
  }));
}

const nothing: PurchaseCounts = {
  buyers: 0,
  returningBuyers: 0,
  purchaseDays: 0,
  repeatDays: 0,
  firstDays: 0,
  secondDays: 0,
  gapDays: 0,
};

function perPeriod(range: ReportRange, counts: readonly At<PurchaseCounts>[]) {
  const at = new Map(counts.map((count) => [count.start, count]));
  return range.periods.map((period) => ({
    row: periodRow(period),
    count: at.get(period.from) ?? nothing,
  }));
}
