import { Injectable } from '@nestjs/common';
import type { Transaction } from '@regulars/persistence';
import { OnTimer, timers, type LeasedTimer, type TimerHandler } from '@regulars/timers';
import { BacktestJobs } from './backtest-jobs.use-case.js';
import { BACKTEST } from './backtest-timer.js';
import { backtestsStore } from './backtests.store.js';

/** Much longer than a backtest takes: by then its process has died, and another one takes it up. */
const GIVEN_UP_MS = 60 * 60_000;

/** Hands a backtest to a thread; the timer stays, further off, until the report is in. */
@Injectable()
@OnTimer(BACKTEST)
export class OnBacktestDue implements TimerHandler {
  readonly atMost = 1;

  constructor(private readonly jobs: BacktestJobs) {}

  async fire(leased: readonly LeasedTimer[], tx: Transaction): Promise<void> {
    const [taken] = await timers(tx).take(leased);
    const run = taken && (await backtestsStore(tx).byId(taken.key));
    if (run?.state !== 'running') return;
    const dueAt = new Date(tx.clock.now().getTime() + GIVEN_UP_MS);
    await timers(tx).schedule([{ kind: BACKTEST, key: run.id, dueAt }]);
    tx.afterCommit(() => {
      this.jobs.take(run);
    });
  }
}
