import { Body, Controller, Get, HttpCode, Inject, Post, Put, Query, Req } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CLOCK, SERVICE_CONFIG, type ServiceConfig } from '@regulars/config';
import {
  badInput,
  impossible,
  decodeCursor,
  IdParam,
  Mutations,
  notFound,
  page,
  PageQuery,
  Scope,
  type HttpRequest,
} from '@regulars/http';
import { dayOf, isDay, type Clock, type Day } from '@regulars/kernel';
import { Database } from '@regulars/persistence';
import {
  ModelsPage,
  RescoreQuery,
  RescoringResponse,
  StatedCyclesAccepted,
  StatedCyclesBody,
  StatedCyclesResponse,
} from './models.dto.js';
import { liveRecordsStore } from './live-records.store.js';
import { ModelStanding } from './model-standing.use-case.js';
import { modelsStore } from './models.store.js';
import {
  builtInPriorResponse,
  toModel,
  withLive,
  toRescoring,
  toRows,
  toStatedCycles,
} from './models.mapper.js';
import { Refits } from './refits.use-case.js';
import { rescoringsStore } from './rescorings.store.js';
import { statedCyclesStore } from './stated-cycles.store.js';

@ApiTags('models')
@Controller('v1/models')
@Scope('admin')
export class ModelsController {
  constructor(
    private readonly database: Database,
    private readonly refits: Refits,
    private readonly standing: ModelStanding,
    private readonly mutations: Mutations,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SERVICE_CONFIG) private readonly config: ServiceConfig,
  ) {}

  /** Fits, newest first. While none is in force, the built-in prior stands before them. */
  @Get()
  @ApiOperation({ summary: 'Versions of the parameters, and which one is in force' })
  @ApiOkResponse({ type: ModelsPage })
  async list(@Query() query: PageQuery): Promise<ModelsPage> {
    const after = query.after === undefined ? undefined : decodeCursor(query.after, isPosition);
    const rows = await modelsStore(this.database).page(after, query.limit);
    const answer = page(rows, query.limit, (row) => [row.createdAt.toISOString(), row.version]);
    const prior =
      after === undefined && (await modelsStore(this.database).activeVersion()) === undefined;
    const models = prior
      ? [builtInPriorResponse(), ...answer.data.map(toModel)]
      : answer.data.map(toModel);
    const records = await liveRecordsStore(this.database).ofVersions(
      models.map(({ version }) => version),
    );
    const data = models.map((model) => withLive(model, records.get(model.version)));
    if (after !== undefined) return { data, page: answer.page };
    const backtest = await this.standing.backtest();
    return {
      data,
      page: answer.page,
      refits: await this.standing.refits(),
      ...(backtest === undefined ? {} : { backtest }),
    };
  }

  /** Fits the parameters to all purchases until a day and carries them to every customer. */
  @Post('rescore')
  @HttpCode(202)
  @ApiOperation({ summary: 'Refit and rescore everybody' })
  @ApiAcceptedResponse({ type: RescoringResponse })
  async rescore(
    @Req() request: HttpRequest,
    @Query() query: RescoreQuery,
  ): Promise<RescoringResponse> {
    const asOf = this.dayAsked(query.asOf);
    if (asOf > this.today()) {
      const detail = `asOf lies after today, ${this.today()}: nobody knows yet what was bought by then.`;
      throw impossible('as-of-in-future', 'That day has not come', detail);
    }
    return this.mutations.run(request, async (tx) => {
      const run = await this.refits.refit(tx, asOf);
      return { status: 202, body: toRescoring(run) };
    });
  }

  /** The same up to today: what the schedule does by night. */
  @Post('refit')
  @HttpCode(202)
  @ApiOperation({ summary: 'Refit now; used only if it passes the gate' })
  @ApiAcceptedResponse({ type: RescoringResponse })
  async refit(@Req() request: HttpRequest): Promise<RescoringResponse> {
    return this.mutations.run(request, async (tx) => {
      const run = await this.refits.refit(tx, this.today());
      return { status: 202, body: toRescoring(run) };
    });
  }

  @Get('rescorings/:id')
  @ApiOperation({ summary: 'How far a rescoring has come' })
  @ApiOkResponse({ type: RescoringResponse })
  async rescoring(@IdParam() id: string): Promise<RescoringResponse> {
    const run = await rescoringsStore(this.database).byId(id);
    if (!run) throw notFound('rescoring');
    return toRescoring(run);
  }

  @Get('stated-cycles')
  @ApiOperation({ summary: 'The cycles that the company states' })
  @ApiOkResponse({ type: StatedCyclesResponse })
  async statedCycles(): Promise<StatedCyclesResponse> {
    return toStatedCycles(await statedCyclesStore(this.database).all());
  }

  /** Replaces all of them, then rescores every customer. Cycles in the product catalogue stay. */
  @Put('stated-cycles')
  @ApiOperation({ summary: 'State cycles: for all, per category, per product' })
  @ApiOkResponse({ type: StatedCyclesAccepted })
  async state(
    @Req() request: HttpRequest,
    @Body() body: StatedCyclesBody,
  ): Promise<StatedCyclesAccepted> {
    return this.mutations.run(request, async (tx) => {
      await statedCyclesStore(tx).replaceAll(toRows(body));
      const run = await this.refits.rescore(tx, this.today());
      const stated = toStatedCycles(await statedCyclesStore(tx).all());
      return { status: 200, body: { ...stated, rescoring: toRescoring(run) } };
    });
  }

  private dayAsked(text: string | undefined): Day {
    if (text === undefined) return this.today();
    if (isDay(text)) return text;
    throw badInput('no-such-day', 'Send asOf as a day that exists, YYYY-MM-DD.', {
      pointer: '/asOf',
      in: 'query',
    });
  }

  private today(): Day {
    return dayOf(this.clock.now(), this.config.timeZone);
  }
}

function isPosition(values: readonly unknown[]): values is [string, string] {
  const [createdAt, version] = values;
  return (
    values.length === 2 &&
    typeof createdAt === 'string' &&
    !Number.isNaN(Date.parse(createdAt)) &&
    typeof version === 'string'
  );
}
