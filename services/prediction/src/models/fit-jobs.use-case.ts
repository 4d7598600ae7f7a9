import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { toEpochDay } from '@regulars/kernel';
import { LOGGER, type Logger } from '@regulars/observability';
import { Database } from '@regulars/persistence';
import { QuiescenceProbes } from '@regulars/service';
import { ModelCatalog } from './model-catalog.use-case.js';
import { ModelThreads } from './model-threads.use-case.js';
import { ModelMetrics } from './model.metrics.js';
import { readPopulation } from './read-population.use-case.js';
import { Refits } from './refits.use-case.js';
import { rescoringsStore, type RescoringRow } from './rescorings.store.js';

/** Fits that are under way in this process: one at a time, and of those that wait only the newest. */
@Injectable()
export class FitJobs implements OnApplicationShutdown {
  private running: Promise<void> | undefined;
  private next: RescoringRow | undefined;
  private stopped = false;

  constructor(
    private readonly database: Database,
    private readonly models: ModelCatalog,
    private readonly refits: Refits,
    private readonly threads: ModelThreads,
    private readonly metrics: ModelMetrics,
    probes: QuiescenceProbes,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    probes.add(() => this.running === undefined);
  }

  take(run: RescoringRow): void {
    this.next = run;
    this.running ??= this.work().finally(() => {
      this.running = undefined;
    });
  }

  /** Nothing is stored after it; the timer of a fit that was cut off remains. */
  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.threads.onApplicationShutdown();
    await this.running;
  }

  private async work(): Promise<void> {
    while (this.next && !this.stopped) {
      const run = this.next;
      this.next = undefined;
      try {
        await this.fit(run);
      } catch (error) {
        await this.report(run, error);
      }
    }
  }

  private async fit({ id, asOf }: RescoringRow): Promise<void> {
    const startedAt = performance.now();
    const { population, ...seen } = await readPopulation(this.database, asOf);
    const { model: inUse } = await this.models.current(this.database);
    const fit = await this.threads.fit({ population, asOfDay: toEpochDay(asOf), inUse });
    if (this.stopped) return;
    await this.database.withTransaction((tx) => this.refits.adopt(tx, id, fit, seen));
    const { verdict } = fit.gate;
    this.metrics.refitted(verdict, (performance.now() - startedAt) / 1_000);
    if (verdict === 'fail') {
      const failed = fit.gate.checks.filter(({ passed }) => !passed).map(({ name }) => name);
      this.logger.warn({ version: fit.model.version, failed }, 'a fit did not pass its gate');
    }
  }

  /** A thread that was ended by our own shutdown is no failure. */
  private async report({ id }: RescoringRow, error: unknown): Promise<void> {
    if (this.stopped) return;
    this.metrics.refitFailed();
    this.logger.error(
      { err: error, rescoring: id },
      'a fit failed; it is tried again, more rarely',
    );
    const failure = error instanceof Error ? error.message : String(error);
    await rescoringsStore(this.database)
      .attemptFailed(id, failure)
      .catch((unsaid: unknown) => {
        this.logger.error({ err: unsaid, rescoring: id }, 'nor could that be noted');
      });
  }
}
