import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID, Matches } from 'class-validator';
import { badInput } from '@regulars/http';
import { isDay, type Day } from '@regulars/kernel';
import { segmentSeries } from '../ledger/customer-history.js';
import { periods, type Period } from '../ledger/period.js';
import { allSegments } from '../totals/purchase-totals.js';
import { mostPeriods, reportRange, type ReportRange } from './report-range.js';

/** `lost` is both its kinds; `unknown`: bought before we knew the customer (imported history). */
export const reportSegments = [...segmentSeries, 'lost', 'unknown'] as const;
const day = /^\d{4}-\d{2}-\d{2}$/;

export class RangeQuery {
  @ApiPropertyOptional({ format: 'date', description: 'First day; widened to a whole period.' })
  @IsOptional()
  @Matches(day)
  from?: Day;

  @ApiPropertyOptional({ format: 'date', description: 'Last day; today when absent or later.' })
  @IsOptional()
  @Matches(day)
  to?: Day;

  @ApiPropertyOptional({ enum: periods, default: 'month' })
  @IsOptional()
  @IsIn(periods)
  by?: Period;
}

export class SegmentRangeQuery extends RangeQuery {
  @ApiPropertyOptional({
    enum: reportSegments,
    description: 'Only purchases that found the customer in this segment; all when absent.',
  })
  @IsOptional()
  @IsIn(reportSegments)
  segment?: (typeof reportSegments)[number];
}

export class TouchRangeQuery extends RangeQuery {
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  campaignId?: string;
}

/** The periods asked for, or 400 that says what to send instead. */
export function rangeOf(query: RangeQuery, today: Day): ReportRange {
  for (const name of ['from', 'to'] as const) {
    const text = query[name];
    if (text !== undefined && !isDay(text)) {
      throw badInput('no-such-day', `Send "${name}" as a day that exists, like 2026-03-31.`, {
        pointer: `/${name}`,
        in: 'query',
      });
    }
  }
  const range = reportRange(query, today);
  if (range.ok) return range.value;
  const refusals = {
    'from-after-to': 'Send a "from" that is not after "to" and not after today.',
    'range-too-long': `Ask for at most ${String(mostPeriods)} periods: a shorter range, or by=week or by=month.`,
  };
  throw badInput(range.error, refusals[range.error], { pointer: '/from', in: 'query' });
}

export function segmentOf(query: SegmentRangeQuery): string {
  return query.segment ?? allSegments;
}
