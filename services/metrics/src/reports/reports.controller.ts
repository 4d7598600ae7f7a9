import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Scope } from '@regulars/http';
import { Database } from '@regulars/persistence';
import {
  CustomersReport,
  customerNumbers,
  OverviewReport,
  overviewNumbers,
} from './overview.use-case.js';
import type { AnswerOf } from './answer-of.js';
import { ReportCalendar } from './report-calendar.provider.js';
import { RangeQuery, rangeOf, TouchRangeQuery } from './report-query.dto.js';
import { reportReads } from './report-reads.store.js';
import { rangeHead, reportHead } from './report-response.dto.js';
import { ChurnReport, churnRows, SegmentsReport, segmentRows } from './segment-reports.dto.js';
import {
  ForecastRecordReport,
  forecastRecordRows,
  TouchesReport,
  touchRows,
} from './touch-reports.dto.js';

@ApiTags('reports')
@Controller('v1/reports')
@Scope('reports:read')
export class ReportsController {
  constructor(
    private readonly database: Database,
    private readonly calendar: ReportCalendar,
  ) {}

  /** The few numbers that are always on display. */
  @Get('overview')
  @ApiOkResponse({ type: OverviewReport })
  async overview(): Promise<AnswerOf<OverviewReport>> {
    const numbers = await overviewNumbers(this.database, this.calendar.today());
    return { ...reportHead('overview', this.calendar.timeZone), ...numbers };
  }

  /** How many customers, orders and purchase days are counted, and how much money. */
  @Get('customers')
  @ApiOkResponse({ type: CustomersReport })
  async customers(): Promise<AnswerOf<CustomersReport>> {
    const numbers = await customerNumbers(this.database);
    return { ...reportHead('customers', this.calendar.timeZone), ...numbers };
  }

  /** Size and share of each segment at the end of each period. */
  @Get('segments')
  @ApiOkResponse({ type: SegmentsReport })
  async segments(@Query() query: RangeQuery): Promise<AnswerOf<SegmentsReport>> {
    const range = rangeOf(query, this.calendar.today());
    const deltas = await reportReads(this.database).membershipDeltas(range.to);
    const head = rangeHead('segments', this.calendar.timeZone, range);
    return { ...head, data: segmentRows(range, deltas) };
  }

  /** Annual churn at the end of each period. */
  @Get('churn')
  @ApiOkResponse({ type: ChurnReport })
  async churn(@Query() query: RangeQuery): Promise<AnswerOf<ChurnReport>> {
    const range = rangeOf(query, this.calendar.today());
    const deltas = await reportReads(this.database).membershipDeltas(range.to);
    const head = rangeHead('churn', this.calendar.timeZone, range);
    return { ...head, data: churnRows(range, deltas) };
  }

  /** Touches by channel and outcome, and the purchases that followed them. */
  @Get('touches')
  @ApiOkResponse({ type: TouchesReport })
  async touches(@Query() query: TouchRangeQuery): Promise<AnswerOf<TouchesReport>> {
    const range = rangeOf(query, this.calendar.today());
    const { campaignId } = query;
    const reads = reportReads(this.database);
    const counts = await reads.touches(range, campaignId);
    const purchases = await reads.touchPurchases(range, campaignId);
    const head = rangeHead('touches', this.calendar.timeZone, range);
    const filter = campaignId === undefined ? {} : { campaignId };
    return { ...head, ...filter, data: touchRows(range, counts, purchases) };
  }

  /** How the forecasts stood up to the purchases that came. */
  @Get('forecast-record')
  @ApiOkResponse({ type: ForecastRecordReport })
  async forecastRecord(@Query() query: RangeQuery): Promise<AnswerOf<ForecastRecordReport>> {
    const range = rangeOf(query, this.calendar.today());
    const verdicts = await reportReads(this.database).verdicts(range);
    const head = rangeHead('forecast-record', this.calendar.timeZone, range);
    return { ...head, data: forecastRecordRows(range, verdicts) };
  }
}
