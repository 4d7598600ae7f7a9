import { Injectable } from '@nestjs/common';
import type { OpenModel } from '@regulars/forecasting';
import type { Transaction } from '@regulars/persistence';
import { engine, isModel, type Model } from './engine.js';
import { ModelMetrics } from './model.metrics.js';
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

  constructor(private readonly metrics: ModelMetrics) {
    metrics.inForce(this.prior.model);
  }

  /**
   * Ask after the customers' locks: a rescoring under a newer model waits for these locks, so whoever of the two
   * comes second forecasts with the newer one.
   */
  async current(tx: Pick<Transaction, 'query'>): Promise<ModelInForce> {
    const version = await modelsStore(tx).activeVersion();
    if (version === this.known.model.version) return this.known;
    this.known = await this.opened(tx, version);
    this.metrics.inForce(this.known.model);
    return this.known;
  }

  private async opened(
    tx: Pick<Transaction, 'query'>,
    version: string | undefined,
  ): Promise<ModelInForce> {
    const parameters = version && (await modelsStore(tx).parametersOf(version));
    return parameters && isModel(parameters) ? opened(parameters) : this.prior;
  }
}

function opened(model: Model): ModelInForce {
  return { model, open: engine.open(model) };
}
