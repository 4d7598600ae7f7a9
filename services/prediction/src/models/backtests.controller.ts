import { Controller, Get, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CLOCK, SERVICE_CONFIG, type ServiceConfig } from '@regulars/config';
import { IdParam, Mutations, notFound, Scope, type HttpRequest } from '@regulars/http';
import { dayOf, type Clock } from '@regulars/kernel';
import { Database } from '@regulars/persistence';
import { timers } from '@regulars/timers';
import { BACKTEST } from './backtest-timer.js';
import { BacktestResponse } from './backtests.dto.js';
import { backtestsStore, type BacktestRow } from './backtests.store.js';

@ApiTags('models')
@Controller('v1/models')
@Scope('admin')
export class BacktestsController {
  constructor(
    private readonly database: Database,
    private readonly mutations: Mutations,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SERVICE_CONFIG) private readonly config: ServiceConfig,
  ) {}

  /** Judges the default model on the own past, beside all baselines; nothing is put in force. */
  @Post('backtest')
  @HttpCode(202)
  @ApiOperation({ summary: 'Backtest on all purchases so far' })
  @ApiAcceptedResponse({ type: BacktestResponse })
  async start(@Req() request: HttpRequest): Promise<BacktestResponse> {
    const asOf = dayOf(this.clock.now(), this.config.timeZone);
    return this.mutations.run(request, async (tx) => {
      const run = await backtestsStore(tx).start(asOf, tx.clock.now());
      await timers(tx).schedule([{ kind: BACKTEST, key: run.id, dueAt: tx.clock.now() }]);
      return { status: 202, body: toBacktest(run) };
    });
  }

  /** The standing one is the newest that is done. */
  @Get('backtests/standing')
  @ApiOperation({ summary: 'The newest report' })
  @ApiOkResponse({ type: BacktestResponse })
  async standing(): Promise<BacktestResponse> {
    const run = await backtestsStore(this.database).standing();
    if (!run) throw notFound('backtest');
    return toBacktest(run);
  }

  @Get('backtests/:id')
  @ApiOperation({ summary: 'How far a backtest has come, and its report' })
  @ApiOkResponse({ type: BacktestResponse })
  async one(@IdParam() id: string): Promise<BacktestResponse> {
    const run = await backtestsStore(this.database).byId(id);
    if (!run) throw notFound('backtest');
    return toBacktest(run);
  }
}

function toBacktest(row: BacktestRow): BacktestResponse {
  return {
    id: row.id,
    url: `/v1/models/backtests/${row.id}`,
    state: row.state,
    asOf: row.asOf,
    done: row.done,
    of: row.of,
    ...(row.failure === null ? {} : { failure: row.failure }),
    ...(row.report === null ? {} : { report: row.report }),
    requestedAt: row.requestedAt.toISOString(),
    ...(row.finishedAt === null ? {} : { finishedAt: row.finishedAt.toISOString() }),
  };
}
