import { Injectable } from '@nestjs/common';
import { summarise } from '@regulars/forecasting';
import { Database } from '@regulars/persistence';
import { backtestsStore } from './backtests.store.js';
import type { RefitsResponse, StandingBacktestResponse } from './models.dto.js';
import { modelsStore } from './models.store.js';
import { notBefore } from './refit-rule.js';
import { rescoringsStore } from './rescorings.store.js';

/** What stands beside the versions: the fit that is awaited, why there may be none for a while, and the last backtest. */
@Injectable()
export class ModelStanding {
  constructor(private readonly database: Database) {}

  async refits(): Promise<RefitsResponse> {
    const newest = await modelsStore(this.database).newestFit();
    const run = await rescoringsStore(this.database).running();
    return {
      failedInARow: newest?.failures ?? 0,
      ...(newest ? { notBefore: notBefore(newest) } : {}),
      ...(run?.fitPending
        ? {
            pending: {
              asOf: run.asOf,
              requestedAt: run.requestedAt.toISOString(),
              attempts: run.attempts,
              ...(run.failure === null ? {} : { failure: run.failure }),
              ...(run.nextAttemptAt ? { nextAttemptAt: run.nextAttemptAt.toISOString() } : {}),
            },
          }
        : {}),
    };
  }

  async backtest(): Promise<StandingBacktestResponse | undefined> {
    const run = await backtestsStore(this.database).standing();
    if (!run?.report) return undefined;
    return {
      id: run.id,
      url: `/v1/models/backtests/${run.id}`,
      asOf: run.asOf,
      origins: run.report.origins.map(({ day }) => day),
      forecasters: summarise(run.report),
    };
  }
}
