import {
  Body,
  Controller,
  Delete,
  Get,
  Inject,
  Param,
  Post,
  Query,
  Req,
  type Type,
} from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsOptional, IsPositive } from 'class-validator';
import type { ServiceName, Stream } from '@regulars/contracts';
import {
  decodeCursor,
  PageQuery,
  page,
  type CursorValue,
  ProblemError,
  requestContext,
  Scope,
  type HttpRequest,
} from '@regulars/http';
import {
  consumerStore,
  deadLetterStore,
  discard,
  redrive,
  type EventLog,
  type RedriveOptions,
  type RedriveResult,
  type RunHandler,
} from '@regulars/messaging';
import { Database } from '@regulars/persistence';
import { EVENT_LOG } from './platform.module.js';

/** The handlers of this service, known once Nest has bound them. */
export const RUN_HANDLERS = Symbol('RUN_HANDLERS');

const states = ['dead', 'parked', 'redriven', 'discarded'] as const;

class DeadLetterQuery extends PageQuery {
  @ApiPropertyOptional({ enum: states, default: 'dead' })
  @IsOptional()
  @IsIn(states)
  state?: (typeof states)[number];
}

class RedriveBody {
  @ApiProperty({ type: [Number], description: 'Ids of dead letters, at most 200.', example: [1] })
  @IsArray()
  @ArrayMaxSize(200)
  @IsInt({ each: true })
  @IsPositive({ each: true })
  ids: number[];
}

/** Dead letters of one service: made per service, because the path names it. */
export function deadLettersController(service: ServiceName): Type {
  @ApiTags('admin')
  @Controller(`v1/admin/${service}`)
  @Scope('admin')
  class DeadLettersController {
    constructor(
      @Inject(Database) private readonly database: Database,
      @Inject(RUN_HANDLERS) private readonly handlers: ReadonlyMap<Stream, RunHandler>,
      @Inject(EVENT_LOG) private readonly log: EventLog | null,
    ) {}

    /** Events set aside, oldest first, with origin and reason; never their content. */
    @Get('dead-letters')
    async list(@Query() query: DeadLetterQuery): Promise<object> {
      const after = query.after === undefined ? 0 : decodeCursor(query.after, isId)[0];
      const letters = await deadLetterStore(this.database, service).list(
        query.state ?? 'dead',
        after,
        query.limit + 1,
      );
      return page(letters, query.limit, ({ id }) => [id]);
    }

    /** Sends dead letters through this service again, each at most once, and after each what waited behind it. */
    @Post('redrive')
    async redrive(
      @Body() body: RedriveBody,
      @Req() request: HttpRequest,
    ): Promise<{ results: RedriveResult[] }> {
      const by = requestContext(request).apiKey?.id ?? 'unknown';
      const results: RedriveResult[] = [];
      for (const id of [...new Set(body.ids)].sort((a, b) => a - b)) {
        results.push(await redrive(id, this.options(by)));
      }
      return { results };
    }

    /** Takes a dead letter off the list for good; who did it is kept. */
    @Delete('dead-letters/:id')
    async discard(
      @Param('id') id: string,
      @Req() request: HttpRequest,
    ): Promise<{ id: number; state: 'discarded' }> {
      const by = requestContext(request).apiKey?.id ?? 'unknown';
      const number = Number(id);
      if (!Number.isSafeInteger(number) || !(await discard(number, this.options(by)))) {
        throw new ProblemError({
          status: 404,
          code: 'no-dead-letter',
          title: 'No such dead letter',
          detail: 'It was redriven or discarded already, or never was. List them first.',
        });
      }
      return { id: number, state: 'discarded' };
    }

    private options(by: string): RedriveOptions {
      const { database, handlers, log } = this;
      return { group: service, database, handlers, log, by };
    }

    /** Lets a consumer go on that stopped after too many dead letters. */
    @Delete('brake')
    async releaseBrake(): Promise<{ released: boolean }> {
      return this.database.withTransaction(async (tx) => ({
        released: await consumerStore(tx, service).releaseBrake(),
      }));
    }
  }
  return DeadLettersController;
}

function isId(values: readonly CursorValue[]): values is readonly [number] {
  return values.length === 1 && Number.isSafeInteger(values[0]);
}
