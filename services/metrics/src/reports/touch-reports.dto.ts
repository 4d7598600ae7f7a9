import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { touchOutcomes } from '../ledger/customer-history.js';
import type { AnswerOf } from './answer-of.js';
import { PeriodRow, periodRow, RangeHead, ratio } from './report-response.dto.js';
import type { ReportRange } from './report-range.js';
import type { TouchCount, TouchPurchases, Verdicts } from './report-reads.store.js';

const nullable = { type: Number, nullable: true } as const;
const integer = { type: 'integer' } as const;

export class OutcomeCount {
  @ApiProperty({ enum: touchOutcomes })
  outcome: string;
  @ApiPropertyOptional({ description: 'Why skipped or deferred, or what was answered.' })
  detail?: string;
  @ApiProperty(integer)
  touches: number;
}

export class CreditedPurchases {
  @ApiProperty({ example: 'EUR' })
  currency: string;
  @ApiProperty(integer)
  purchases: number;
  @ApiProperty(integer)
  revenueMinor: number;
}

export class ChannelTouches {
  @ApiProperty()
  channel: string;
  @ApiProperty(integer)
  touches: number;
  @ApiProperty({ type: [OutcomeCount] })
  outcomes: OutcomeCount[];
  @ApiProperty({ type: [CreditedPurchases], description: 'Within 14 days after a touch.' })
  purchases: CreditedPurchases[];
}

export class TouchesRow extends PeriodRow {
  @ApiProperty({ type: [ChannelTouches] })
  channels: ChannelTouches[];
}

export class TouchesReport extends RangeHead {
  @ApiPropertyOptional({ format: 'uuid' })
  campaignId?: string;
  @ApiProperty({ type: [TouchesRow] })
  data: TouchesRow[];
}

export class ForecastRecordRow extends PeriodRow {
  @ApiProperty({ ...integer, description: 'Purchases that a published forecast was judged by.' })
  judged: number;
  @ApiProperty({ ...integer, description: 'Of these, judged against a window.' })
  withWindow: number;
  @ApiProperty(integer)
  insideWindow: number;
  @ApiProperty(nullable)
  insideShare: number | null;
  @ApiProperty(nullable)
  promisedShare: number | null;
  @ApiProperty(nullable)
  medianErrorDays: number | null;
  @ApiProperty(nullable)
  medianBaselineErrorDays: number | null;
}

export class ForecastRecordReport extends RangeHead {
  @ApiProperty({ type: [ForecastRecordRow] })
  data: ForecastRecordRow[];
}

export function touchRows(
  range: ReportRange,
  counts: readonly TouchCount[],
  purchases: readonly TouchPurchases[],
): AnswerOf<TouchesRow>[] {
  return range.periods.map((period) => {
    const ofPeriod = counts.filter(({ start }) => start === period.from);
    const channels = [...Map.groupBy(ofPeriod, ({ channel }) => channel)];
    const credited = purchases.filter(({ start }) => start === period.from);
    return {
      ...periodRow(period),
      channels: channels.map(([channel, ofChannel]) =>
        toChannel(
          channel,
          ofChannel,
          credited.filter((purchase) => purchase.channel === channel),
        ),
      ),
    };
  });
}

function toChannel(
  channel: string,
  counts: readonly TouchCount[],
  credited: readonly TouchPurchases[],
): AnswerOf<ChannelTouches> {
  return {
    channel,
    touches: counts.reduce((sum, { touches }) => sum + touches, 0),
    outcomes: counts.map(({ outcome, detail, touches }) => ({
      outcome,
      ...(detail === '' ? {} : { detail }),
      touches,
    })),
    purchases: credited.map(({ currency, purchases, revenueMinor }) => ({
      currency,
      purchases,
      revenueMinor,
    })),
  };
}

export function forecastRecordRows(
  range: ReportRange,
  verdicts: readonly Verdicts[],
): AnswerOf<ForecastRecordRow>[] {
  const at = new Map(verdicts.map((verdict) => [verdict.start, verdict]));
  return range.periods.map((period) => {
    const verdict = at.get(period.from);
    const withWindow = verdict?.withWindow ?? 0;
    const insideWindow = verdict?.insideWindow ?? 0;
    return {
      ...periodRow(period),
      judged: verdict?.judged ?? 0,
      withWindow,
      insideWindow,
      insideShare: ratio(insideWindow, withWindow),
      promisedShare: verdict?.promisedShare ?? null,
      medianErrorDays: verdict?.medianErrorDays ?? null,
      medianBaselineErrorDays: verdict?.medianBaselineErrorDays ?? null,
    };
  });
}
