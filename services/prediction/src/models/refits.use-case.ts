import { Injectable } from '@nestjs/common';
import { PopulationSample } from '@regulars/forecasting';
import { toEpochDay, type Day } from '@regulars/kernel';
import type { Transaction } from '@regulars/persistence';
import { timers } from '@regulars/timers';
import { ForecastMetrics } from '../next-purchase/forecast.metrics.js';
import { forecastStore } from '../next-purchase/forecast.store.js';
import { customerLedger } from '../purchase-history/customer-ledger.js';
import { ledgerStore } from '../purchase-history/ledger.store.js';
import { engine } from './engine.js';
import { ModelCatalog } from './model-catalog.use-case.js';
import { modelsStore } from './models.store.js';
import { rescoringsStore, type RescoringRow } from './rescorings.store.js';

export const RESCORE = 'rescore';
const PAGE = 1_000;

/** New parameters from all ledgers, and the walk that carries them (or new stated cycles) to every customer. */
@Injectable()
export class Refits {
  constructor(
    private readonly models: ModelCatalog,
    private readonly metrics: ForecastMetrics,
  ) {}

  /**
   * Fits the model to what was bought until a day, makes it the one in force and starts a rescoring. The fit depends
   * on the purchases alone: two deployments that hold the same ones make the same model, by the same name.
   */
  async refit(tx: Transaction, asOf: Day): Promise<RescoringRow> {
    const { sample, purchaseDays } = await this.readPopulation(tx, asOf);
    const model = engine.fit(sample, toEpochDay(asOf));
    await modelsStore(tx).activate(model, asOf, purchaseDays, tx.clock.now());
    return this.rescore(tx, asOf);
  }

  /** Starts a walk over all customers with what is in force now. */
  async rescore(tx: Transaction, asOf: Day): Promise<RescoringRow> {
    const now = tx.clock.now();
    const { version } = await this.models.current(tx);
    const run = await rescoringsStore(tx).start(version, asOf, now);
    await timers(tx).schedule([{ kind: RESCORE, key: run.id, dueAt: now }]);
    tx.afterCommit(() => {
      this.metrics.rescoringStarted();
    });
    return run;
  }

  private async readPopulation(
    tx: Transaction,
    asOf: Day,
  ): Promise<{ sample: PopulationSample; purchaseDays: number }> {
    const sample = new PopulationSample();
    let purchaseDays = 0;
    let after: string | null = null;
    for (;;) {
      const ids: string[] = await forecastStore(tx).idsAfter(after, PAGE);
      if (ids.length === 0) return { sample, purchaseDays };
      after = ids.at(-1) ?? null;
      for (const orders of (await ledgerStore(tx).ordersOf(ids, asOf)).values()) {
        const ledger = customerLedger(orders);
        if (!ledger) continue;
        purchaseDays += ledger.days.length;
        sample.addCustomer(ledger.days, ledger.currency);
        for (const { category, days } of ledger.categories) sample.addCategory(category, days);
      }
    }
  }
}
