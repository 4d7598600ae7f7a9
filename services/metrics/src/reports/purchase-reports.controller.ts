import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Scope } from '@regulars/http';
import { Database } from '@regulars/persistence';
import {
  FrequencyReport,
  frequencyRows,
  RepeatPurchasesReport,
  repeatPurchaseRows,
} from './purchase-reports.dto.js';
import type { AnswerOf } from './answer-of.js';
import { ReportCalendar } from './report-calendar.provider.js';
import { rangeOf, segmentOf, SegmentRangeQuery } from './report-query.dto.js';
import { reportReads } from './report-reads.store.js';
import { rangeHead } from './report-response.dto.js';
import {
  AverageCheckReport,
  averageCheckRows,
  RevenueReport,
  revenueRows,
} from './revenue-reports.dto.js';

@ApiTags('reports')
@Controller('v1/reports')
@Scope('reports:read')
export class PurchaseReportsController {
  constructor(
    private readonly database: Database,
    private readonly calendar: ReportCalendar,
  ) {}

  /** Share of repeat purchases, by period and by the segment in which they found the customer. */
  @Get('repeat-purchases')
  @ApiOkResponse({ type: RepeatPurchasesReport })
  async repeatPurchases(
    @Query() query: SegmentRangeQuery,
  ): Promise<AnswerOf<RepeatPurchasesReport>> {
    const { range, segment, timeZone } = this.asked(query);
    const counts = await reportReads(this.database).purchases(range, segment);
    const head = rangeHead('repeat-purchases', timeZone, range);
    return { ...head, segment, ...repeatPurchaseRows(range, counts) };
  }

  /** Money, and money from repeat purchases, net of refunds. */
  @Get('revenue')
  @ApiOkResponse({ type: RevenueReport })
  async revenue(@Query() query: SegmentRangeQuery): Promise<AnswerOf<RevenueReport>> {
    const { range, segment, timeZone } = this.asked(query);
    const counts = await reportReads(this.database).revenue(range, segment);
    return { ...rangeHead('revenue', timeZone, range), segment, ...revenueRows(range, counts) };
  }

  /** Mean money per order. */
  @Get('average-check')
  @ApiOkResponse({ type: AverageCheckReport })
  async averageCheck(@Query() query: SegmentRangeQuery): Promise<AnswerOf<AverageCheckReport>> {
    const { range, segment, timeZone } = this.asked(query);
    const counts = await reportReads(this.database).revenue(range, segment);
    const head = rangeHead('average-check', timeZone, range);
    return { ...head, segment, ...averageCheckRows(range, counts) };
  }

  /** How often buyers buy. */
  @Get('frequency')
  @ApiOkResponse({ type: FrequencyReport })
  async frequency(@Query() query: SegmentRangeQuery): Promise<AnswerOf<FrequencyReport>> {
    const { range, segment, timeZone } = this.asked(query);
    const counts = await reportReads(this.database).purchases(range, segment);
    const head = rangeHead('frequency', timeZone, range);
    return { ...head, segment, data: frequencyRows(range, counts) };
  }

  private asked(query: SegmentRangeQuery) {
    const range = rangeOf(query, this.calendar.today());
    return { range, segment: segmentOf(query), timeZone: this.calendar.timeZone };
  }
}
