import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { addDays, toEpochDay, type Day } from '@regulars/kernel';
import { LOGGER, type Logger } from '@regulars/observability';
import { Database } from '@regulars/persistence';
import { QuiescenceProbes } from '@regulars/service';
import { ModelCatalog } from './model-catalog.use-case.js';
import { ModelMetrics } from './model.metrics.js';
import { ModelThreads } from './model-threads.use-case.js';
import { readPopulation } from './read-population.use-case.js';
import { Refits } from './refits.use-case.js';

/** Holds the purchases of the last two weeks against what was expected, and asks for a refit where they have parted. */
@Injectable()
export class DriftWatch implements OnApplicationShutdown {
  private readonly looks = new Set<Promise<void>>();
  private stopped = false;

  constructor(
    private readonly database: Database,
    private readonly models: ModelCatalog,
    private readonly threads: ModelThreads,
    private readonly refits: Refits,
    private readonly metrics: ModelMetrics,
    probes: QuiescenceProbes,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    probes.add(() => this.looks.size === 0);
  }

  /** In the background: a look that fails is made again in a week. */
  begin(today: Day): void {
    const look = this.look(today)
      .catch((error: unknown) => {
        // A thread that was ended by our own shutdown is no failure.
        if (!this.stopped) this.logger.warn({ err: error }, 'the weekly look at drift failed');
      })
      .finally(() => {
        this.looks.delete(look);
      });
    this.looks.add(look);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.threads.onApplicationShutdown();
    await Promise.all(this.looks);
  }

  async look(today: Day): Promise<void> {
    const yesterday = addDays(today, -1);
    const { model } = await this.models.current(this.database);
    const { population } = await readPopulation(this.database, yesterday);
    const asOfDay = toEpochDay(yesterday);
    const drift = await this.threads.drift({ population, asOfDay, inUse: model });
    this.metrics.drifted(drift);
    if (!drift.isAlarm || this.stopped) return;
    this.logger.warn({ drift }, 'purchases have left what was expected: a refit is asked for');
    await this.database.withTransaction((tx) => this.refits.refit(tx, today));
  }
}
