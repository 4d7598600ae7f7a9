import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { decodeCursor, IdParam, notFound, page, PageQuery, Scope, type Page } from '@regulars/http';
import { Database } from '@regulars/persistence';
import type { AnswerOf } from '../answer-of.js';
import { isDueCursor } from './due-cursor.js';
import { TouchResponse } from './touch.dto.js';
import { touchView } from './touch-view.use-case.js';
import { touchStore } from './touch.store.js';
import { touchStates, type TouchState } from './touch.js';

class TouchesQuery extends PageQuery {
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  customerId?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  campaignId?: string;

  @ApiPropertyOptional({ enum: touchStates })
  @IsOptional()
  @IsIn(touchStates)
  state?: TouchState;
}

@ApiTags('touches')
@Controller('v1/touches')
@Scope('campaigns:read')
export class TouchesController {
  constructor(private readonly database: Database) {}

  /** Every touch with its story: planned, deferred, skipped, sent, each change with its reason. */
  @Get()
  @ApiOperation({ summary: 'List touches, latest due first' })
  async list(@Query() query: TouchesQuery): Promise<Page<AnswerOf<TouchResponse>>> {
    const before = query.after === undefined ? null : decodeCursor(query.after, isDueCursor);
    const rows = await touchStore(this.database).list({
      customerId: query.customerId ?? null,
      campaignId: query.campaignId ?? null,
      state: query.state ?? null,
      before: before && { dueAt: before[0], id: before[1] },
      limit: query.limit + 1,
    });
    const views = await touchView(this.database, rows);
    return page(views, query.limit, ({ dueAt, id }) => [dueAt, id]);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One touch' })
  @ApiOkResponse({ type: TouchResponse })
  async one(@IdParam() id: string): Promise<AnswerOf<TouchResponse>> {
    const [view] = await touchView(this.database, await touchStore(this.database).find([id]));
    if (!view) throw notFound('touch');
    return view;
  }
}
