import { Injectable } from '@nestjs/common';
import type { Transaction } from '@regulars/persistence';
import { engine, isModel, type Model } from './engine.js';
import { modelsStore } from './models.store.js';

/** The parameters in force. They are immutable under their version, so a version is read once. */
@Injectable()
export class ModelCatalog {
  private known: Model = engine.builtInPrior;

  /**
   * Ask after the customers' locks: a rescoring under a newer model waits for these locks, so whoever of the two
   * comes second forecasts with the newer one.
   */
  async current(tx: Pick<Transaction, 'query'>): Promise<Model> {
    const store = modelsStore(tx);
    const version = await store.activeVersion();
    if (version === undefined) return engine.builtInPrior;
    if (version === this.known.version) return this.known;
    const parameters = await store.parametersOf(version);
    if (!parameters || !isModel(parameters)) return engine.builtInPrior;
    this.known = parameters;
    return parameters;
  }
}
