import { Injectable } from '@nestjs/common';
import type { OpenModel } from '@regulars/forecasting';
import type { Transaction } from '@regulars/persistence';
import { engine, isModel, type Model } from './engine.js';
import { modelsStore } from './models.store.js';

/** A version with the forecasts that it is ready to make. */
export interface ModelInForce {
  readonly model: Model;
  readonly open: OpenModel;
}

/** The parameters in force. They are immutable under their version, so a version is read and opened once. */
@Injectable()
export class ModelCatalog {
  private readonly prior = opened(engine.builtInPrior);
  private known = this.prior;

  /**
   * Ask after the customers' locks: a rescoring under a newer model waits for these locks, so whoever of the two
   * comes second forecasts with the newer one.
   */
  async current(tx: Pick<Transaction, 'query'>): Promise<ModelInForce> {
    const store = modelsStore(tx);
    const version = await store.activeVersion();
    if (version === undefined) return this.prior;
    if (version === this.known.model.version) return this.known;
    const parameters = await store.parametersOf(version);
    if (!parameters || !isModel(parameters)) return this.prior;
    this.known = opened(parameters);
    return this.known;
  }
}

function opened(model: Model): ModelInForce {
  return { model, open: engine.open(model) };
}
