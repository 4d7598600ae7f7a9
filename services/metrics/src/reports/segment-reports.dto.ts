import { ApiProperty } from '@nestjs/swagger';
import type { Day } from '@regulars/kernel';
import { segmentSeries } from '../ledger/customer-history.js';
import type { MembershipSeries } from '../totals/membership-totals.js';
import type { AnswerOf } from './answer-of.js';
import { PeriodRow, periodRow, RangeHead, ratio } from './report-response.dto.js';
import type { ReportRange } from './report-range.js';
import type { MembershipDelta } from './report-reads.store.js';

const nullable = { type: Number, nullable: true } as const;
const integer = { type: 'integer' } as const;

export class SegmentShare {
  @ApiProperty({ enum: segmentSeries })
  segment: string;
  @ApiProperty(integer)
  customers: number;
  @ApiProperty({ ...nullable, description: 'Null for no-purchase, and while nobody has bought.' })
  share: number | null;
}

export class SegmentsRow extends PeriodRow {
  @ApiProperty(integer)
  customersWithPurchases: number;
  @ApiProperty({ type: [SegmentShare] })
  segments: SegmentShare[];
}

export class SegmentsReport extends RangeHead {
  @ApiProperty({ type: [SegmentsRow] })
  data: SegmentsRow[];
}

export class Churn {
  @ApiProperty(integer)
  base: number;
  @ApiProperty(integer)
  churned: number;
  @ApiProperty(nullable)
  share: number | null;
}

export class ChurnRow extends PeriodRow {
  @ApiProperty(integer)
  base: number;
  @ApiProperty(integer)
  churned: number;
  @ApiProperty(nullable)
  share: number | null;
}

export class ChurnReport extends RangeHead {
  @ApiProperty({ type: [ChurnRow] })
  data: ChurnRow[];
}

export type Sizes = ReadonlyMap<MembershipSeries, number>;

/** The sizes at the end of each of the days (rising), from all changes up to the last of them (rising too). */
export function sizesAt(days: readonly Day[], deltas: readonly MembershipDelta[]): Sizes[] {
  const running = new Map<MembershipSeries, number>();
  let next = 0;
  return days.map((day) => {
    for (let delta = deltas[next]; delta !== undefined && delta.day <= day; delta = deltas[next]) {
      running.set(delta.series, (running.get(delta.series) ?? 0) + delta.delta);
      next += 1;
    }
    return new Map(running);
  });
}

export function segmentRows(
  range: ReportRange,
  deltas: readonly MembershipDelta[],
): AnswerOf<SegmentsRow>[] {
  return perPeriod(range, deltas).map(({ row, sizes }) => ({ ...row, ...toShares(sizes) }));
}

export function churnRows(
  range: ReportRange,
  deltas: readonly MembershipDelta[],
): AnswerOf<ChurnRow>[] {
  return perPeriod(range, deltas).map(({ row, sizes }) => ({ ...row, ...toChurn(sizes) }));
}

export function toShares(
  sizes: Sizes,
): Pick<AnswerOf<SegmentsRow>, 'customersWithPurchases' | 'segments'> {
  const customersWithPurchases = segmentSeries
    .filter((series) => series !== 'no-purchase')
    .reduce((sum, series) => sum + (sizes.get(series) ?? 0), 0);
  const segments = segmentSeries.map((segment) => {
    const customers = sizes.get(segment) ?? 0;
    const share = segment === 'no-purchase' ? null : ratio(customers, customersWithPurchases);
    return { segment, customers, share };
  });
  return { customersWithPurchases, segments };
}

export function toChurn(sizes: Sizes): AnswerOf<Churn> {
  const base = sizes.get('churn-base') ?? 0;
  const churned = sizes.get('churned') ?? 0;
  return { base, churned, share: ratio(churned, base) };
}

function perPeriod(range: ReportRange, deltas: readonly MembershipDelta[]) {
  const sizes = sizesAt(
    range.periods.map(({ to }) => to),
    deltas,
  );
  return range.periods.map((period, index) => ({
    row: periodRow(period),
    sizes: sizes[index] ?? new Map<MembershipSeries, number>(),
  }));
}
