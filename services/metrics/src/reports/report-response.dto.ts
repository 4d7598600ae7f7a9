import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Day } from '@regulars/kernel';
import { periods, type Period } from '../ledger/period.js';
import type { ReportPeriod, ReportRange } from './report-range.js';
import { reportTexts, type ReportName } from './report-texts.js';
import type { AnswerOf } from './answer-of.js';

/** What every report says beside its numbers. */
export class ReportHead {
  @ApiProperty({ enum: Object.keys(reportTexts) })
  report: ReportName;
  @ApiProperty({ description: 'How the numbers are made.' })
  formula: string;
  @ApiPropertyOptional({ description: 'What is usual in the field.' })
  benchmark?: string;
  @ApiProperty({ description: "The company's zone: days are its days.", example: 'Europe/Berlin' })
  timeZone: string;
}

export class RangeHead extends ReportHead {
  @ApiProperty({ enum: periods })
  by: Period;
  @ApiProperty({ format: 'date' })
  from: Day;
  @ApiProperty({ format: 'date' })
  to: Day;
}

export class SegmentRangeHead extends RangeHead {
  @ApiProperty({
    description: 'The segment in which the purchases found the customer, or all.',
    example: 'all',
  })
  segment: string;
}

/** One period of a report. */
export class PeriodRow {
  @ApiProperty({ description: 'A day, an ISO week or a month.', example: '2026-03' })
  period: string;
  @ApiProperty({ format: 'date' })
  from: Day;
  @ApiProperty({ format: 'date' })
  to: Day;
}

export function reportHead(report: ReportName, timeZone: string): AnswerOf<ReportHead> {
  return { report, ...reportTexts[report], timeZone };
}

export function rangeHead(
  report: ReportName,
  timeZone: string,
  range: ReportRange,
): AnswerOf<RangeHead> {
  const { by, from, to } = range;
  return { ...reportHead(report, timeZone), by, from, to };
}

export function periodRow({ label, from, to }: ReportPeriod): AnswerOf<PeriodRow> {
  return { period: label, from, to };
}

/** A share, or null where there is nothing to divide by: that is "not enough data", and not zero. */
export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
