import { Injectable } from '@nestjs/common';
import type { Transaction } from '@regulars/persistence';
import { OnTimer, timers, type LeasedTimer, type TimerHandler } from '@regulars/timers';
import { attemptAfter } from './fit-attempts.js';
import { FitJobs } from './fit-jobs.use-case.js';
import { FIT } from './refits.use-case.js';
import { rescoringsStore } from './rescorings.store.js';

/**
 * Hands a fit to a thread. The timer stays, further off, until the fit is in: no fit is lost with its process, and one
 * that fails (or takes its process down) is tried ever more rarely.
 */
@Injectable()
@OnTimer(FIT)
export class OnFitDue implements TimerHandler {
  constructor(private readonly jobs: FitJobs) {}

  async fire(leased: readonly LeasedTimer[], tx: Transaction): Promise<void> {
    const taken = await timers(tx).take(leased);
    const run = await rescoringsStore(tx).running();
    if (!run?.fitPending || !taken.some(({ key }) => key === run.id)) return;
    const attempts = run.attempts + 1;
    const dueAt = attemptAfter(attempts, tx.clock.now());
    await rescoringsStore(tx).attempted(run.id, attempts, dueAt);
    await timers(tx).schedule([{ kind: FIT, key: run.id, dueAt }]);
    tx.afterCommit(() => {
      this.jobs.take(run);
    });
  }
}
