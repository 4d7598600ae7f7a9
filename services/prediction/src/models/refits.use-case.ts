import { Injectable } from '@nestjs/common';
import type { Day } from '@regulars/kernel';
import type { Transaction } from '@regulars/persistence';
import { timers } from '@regulars/timers';
import { isUsed } from './adoption.js';
import type { Fit } from './engine.js';
import { ModelCatalog } from './model-catalog.use-case.js';
import { ModelMetrics } from './model.metrics.js';
import { modelsStore } from './models.store.js';
import type { Population as Seen } from './refit-rule.js';
import { rescoringsStore, type RescoringRow } from './rescorings.store.js';

export const RESCORE = 'rescore';
export const FIT = 'fit';

/** New parameters, and the walk that carries them (or new stated cycles) to every customer. */
@Injectable()
export class Refits {
  constructor(
    private readonly models: ModelCatalog,
    private readonly metrics: ModelMetrics,
  ) {}

  /** Asks for a fit to what was bought until a day; the walk over all customers follows it. */
  async refit(tx: Transaction, asOf: Day): Promise<RescoringRow> {
    return this.start(tx, asOf, true);
  }

  /** Starts a walk over all customers with what is in force now. */
  async rescore(tx: Transaction, asOf: Day): Promise<RescoringRow> {
    return this.start(tx, asOf, false);
  }

  /**
   * Stores a fit, puts it in force where the gate lets it, and lets the walk begin. The fit depends on the purchases
   * alone: two deployments that hold the same ones make the same model, by the same name. A walk that was superseded
   * meanwhile has handed its fit on, and nothing happens.
   */
  async adopt(
    tx: Transaction,
    runId: string,
    { model, gate }: Fit,
    { customers, purchaseDays }: Seen,
  ): Promise<void> {
    const now = tx.clock.now();
    const store = modelsStore(tx);
    await store.lock();
    const run = await rescoringsStore(tx).byId(runId);
    if (run?.state !== 'running' || !run.fitPending) return;
    await store.save({ model, gate, asOf: run.asOf, customers, purchaseDays, now });
    if (isUsed(gate.verdict, await store.activeVerdict())) await store.activate(model.version);
    const { version } = (await this.models.current(tx)).model;
    await rescoringsStore(tx).fitted(run.id, version);
    await timers(tx).cancel(FIT, [run.id]);
    await timers(tx).schedule([{ kind: RESCORE, key: run.id, dueAt: now }]);
  }

  private async start(tx: Transaction, asOf: Day, fit: boolean): Promise<RescoringRow> {
    const now = tx.clock.now();
    const { version } = (await this.models.current(tx)).model;
    const run = await rescoringsStore(tx).start(version, { asOf, fit }, now);
    await timers(tx).schedule([{ kind: run.fitPending ? FIT : RESCORE, key: run.id, dueAt: now }]);
    tx.afterCommit(() => {
      this.metrics.rescoringStarted();
    });
    return run;
  }
}
