import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiProduces, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import {
  answerWith,
  decodeCursor,
  page,
  PageQuery,
  QueryInt,
  Scope,
  type HttpRequest,
  type Page,
} from '@regulars/http';
import { addDays, dayOf, isId } from '@regulars/kernel';
import { Database } from '@regulars/persistence';
import type { AnswerOf } from '../answer-of.js';
import { CAMPAIGN_SETTINGS, type CampaignSettings } from '../campaigns.config.js';
import { agendaCsv, toAgendaResponse, type AgendaResponse } from './agenda.dto.js';
import { agendaStore } from './agenda.store.js';

/** A list for a spreadsheet is one file; of a longer one it holds the most valuable, and its name says so. */
const csvRows = 10_000;

class AgendaQuery extends PageQuery {
  @ApiPropertyOptional({ type: 'integer', default: 14, description: 'How many days ahead.' })
  @QueryInt({ min: 0, max: 366 })
  days: number = 14;

  @ApiPropertyOptional({ enum: ['json', 'csv'], description: 'Or `Accept: text/csv`.' })
  @IsOptional()
  @IsIn(['json', 'csv'])
  format?: 'json' | 'csv';
}

@ApiTags('agenda')
@Controller('v1/agenda')
@Scope('campaigns:read')
export class AgendaController {
  constructor(
    private readonly database: Database,
    @Inject(CAMPAIGN_SETTINGS) private readonly settings: CampaignSettings,
  ) {}

  /** Who is due or overdue, most valuable first: whom to reach, why now, what was agreed, what it is worth. */
  @Get()
  @ApiOperation({ summary: 'Who is due' })
  @ApiProduces('application/json', 'text/csv')
  async agenda(
    @Query() query: AgendaQuery,
    @Req() request: HttpRequest,
  ): Promise<Page<AnswerOf<AgendaResponse>> | string> {
    const { companyCurrency } = this.settings;
    const today = dayOf(this.database.clock.now(), this.settings.companyZone);
    const until = addDays(today, query.days);
    const after = query.after === undefined ? undefined : decodeCursor(query.after, isSpendCursor);
    const csv = wantsCsv(query, request);
    const rows = await agendaStore(this.database).page({
      until,
      today,
      companyCurrency,
      after: after ? { currency: after[0], spend: after[1], id: after[2] } : null,
      limit: csv ? csvRows + 1 : query.limit + 1,
    });
    const responses = rows.map((row) => toAgendaResponse(row, today));
    if (csv) {
      const headers = {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${csvName(rows.length)}"`,
      };
      return answerWith(request, {
        status: 200,
        headers,
        body: agendaCsv(responses.slice(0, csvRows)),
      });
    }
    return page(responses, query.limit, ({ expectedSpend, customerId }) => [
      expectedSpend === null || expectedSpend.currency === companyCurrency
        ? ''
        : expectedSpend.currency,
      expectedSpend?.amountMinor ?? 0,
      customerId,
    ]);
  }
}

function wantsCsv(query: AgendaQuery, request: HttpRequest): boolean {
  if (query.format !== undefined) return query.format === 'csv';
  return (request.headers.accept ?? '')
    .split(',')
    .some((type) => type.trim().startsWith('text/csv'));
}

/** Says it when there are more than the file holds. */
export function csvName(found: number): string {
  return found > csvRows ? `agenda-first-${String(csvRows)}.csv` : 'agenda.csv';
}

/** The currency is empty for the company's own. */
function isSpendCursor(values: readonly unknown[]): values is readonly [string, number, string] {
  const [currency, spend, id] = values;
  return (
    values.length === 3 &&
    typeof currency === 'string' &&
    Number.isSafeInteger(spend) &&
    typeof id === 'string' &&
    isId(id)
  );
}
