import { Injectable } from '@nestjs/common';
import type { Transaction } from '@regulars/persistence';
import { OnTimer, timers, type LeasedTimer, type TimerHandler } from '@regulars/timers';
import { FitJobs } from './fit-jobs.use-case.js';
import { FIT } from './refits.use-case.js';
import { rescoringsStore } from './rescorings.store.js';

/** Much longer than a fit takes: by then its process has died, and another one takes it up. */
const GIVEN_UP_MS = 15 * 60_000;

/** Hands a fit to a thread. The timer stays, further off, until the fit is in; so no fit is lost with its process. */
@Injectable()
@OnTimer(FIT)
export class OnFitDue implements TimerHandler {
  constructor(private readonly jobs: FitJobs) {}

  async fire(leased: readonly LeasedTimer[], tx: Transaction): Promise<void> {
    const taken = await timers(tx).take(leased);
    const run = await rescoringsStore(tx).running();
    if (!run?.fitPending || !taken.some(({ key }) => key === run.id)) return;
    const dueAt = new Date(tx.clock.now().getTime() + GIVEN_UP_MS);
    await timers(tx).schedule([{ kind: FIT, key: run.id, dueAt }]);
    tx.afterCommit(() => {
      this.jobs.take(run);
    });
  }
}
