import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { toEpochDay } from '@regulars/kernel';
import { LOGGER, type Logger } from '@regulars/observability';
import { Database } from '@regulars/persistence';
import { QuiescenceProbes } from '@regulars/service';
import { timers } from '@regulars/timers';
import { BACKTEST } from './backtest-timer.js';
import { backtestsStore, type BacktestRow } from './backtests.store.js';
import { ModelThreads } from './model-threads.use-case.js';
import { readPopulation } from './read-population.use-case.js';

/** Backtests that are under way in this process, one after the other. */
@Injectable()
export class BacktestJobs implements OnApplicationShutdown {
  private last: Promise<void> = Promise.resolve();
  private waiting = 0;
  private stopped = false;

  constructor(
    private readonly database: Database,
    private readonly threads: ModelThreads,
    probes: QuiescenceProbes,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    probes.add(() => this.waiting === 0);
  }

  take(run: BacktestRow): void {
    this.waiting += 1;
    this.last = this.last
      .then(() => this.run(run))
      .catch((error: unknown) => {
        this.logger.error({ err: error, backtest: run.id }, 'a backtest could not be stored');
      })
      .finally(() => {
        this.waiting -= 1;
      });
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.threads.onApplicationShutdown();
    await this.last;
  }

  private async run({ id, asOf }: BacktestRow): Promise<void> {
    if (this.stopped) return;
    const store = backtestsStore(this.database);
    const { population } = await readPopulation(this.database, asOf);
    let stored = Promise.resolve();
    const result = await this.threads
      .backtest({ population, asOfDay: toEpochDay(asOf) }, (progress) => {
        stored = stored.then(() => store.progressed(id, progress));
      })
      .then(
        (report) => ({ report }),
        // A history that is too short to judge is an answer too.
        (error: unknown) => ({ failure: error instanceof Error ? error.message : String(error) }),
      );
    await stored;
    await this.keep(id, result);
  }

  /** Not of a thread that our own shutdown has ended: its timer remains. */
  private async keep(id: string, result: Parameters<Store['finish']>[1]): Promise<void> {
    if (this.stopped) return;
    await this.database.withTransaction(async (tx) => {
      await timers(tx).cancel(BACKTEST, [id]);
      await backtestsStore(tx).finish(id, result, tx.clock.now());
    });
  }
}

type Store = ReturnType<typeof backtestsStore>;
