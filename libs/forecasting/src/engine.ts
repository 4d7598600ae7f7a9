import type { GateReport } from './backtest/index.js';
import type { AsOfForecast, ModelBasis, StaticForecast } from './forecast.js';
import type { PurchaseHistory } from './history.js';
import type { Population } from './engine/population.js';

/** Who is forecast: a customer, or a customer within a category; what is known beside the history. */
export interface Subject {
  readonly history: PurchaseHistory;
  /** The category whose parameters apply; without it the company's. */
  readonly category?: string;
  /** The category whose median gap sets the reminder day where no date can be given. */
  readonly remindCategory?: string;
  /** The cycle that the company states for what was bought. */
  readonly statedCycleDays?: number;
}

/** A fit: immutable, JSON in and out without loss. */
export interface ForecastModel {
  /** Made of the content, so two deployments that know the same purchases name it alike. */
  readonly version: string;
  readonly basis: ModelBasis;
  /** Customers, and those with a repeat purchase, that the fit has seen. */
  readonly customers: number;
  readonly repeatCustomers: number;
}

/** A fit with what the acceptance gate found: whether it may replace the one in use. */
export interface JudgedFit<M extends ForecastModel> {
  readonly model: M;
  readonly gate: GateReport;
}

/**
 * An estimator of purchase cycles. Pure and deterministic: the same arguments give bit-identical answers. Engines
 * differ in their model's type only, so that a service can change one for another.
 */
export interface ForecastEngine<M extends ForecastModel> {
  readonly name: string;
  /** What is believed before there are data; wide on purpose. */
  readonly builtInPrior: M;
  /**
   * Seconds of computing in a large shop. Its parameters depend on the population alone, the verdict on the version in use too.
   * @param asOfDay the last day that the population knows, since 1970-01-01
   * @param inUse what it would replace: the fit must not be worse
   */
  fit(population: Population, asOfDay: number, inUse?: M): JudgedFit<M>;
  /** Makes a model ready to be asked. What is opened keeps tables and scratch space: once per version. */
  open(model: M): OpenModel;
}

/** A model that answers. It remembers nothing of the customers. */
export interface OpenModel {
  /** The dates that hold until the next event. */
  forecast(subject: Subject): StaticForecast;
  /** @param asOfDay counts as observed to its end; before the last purchase day there is no silence yet. */
  forecastAsOf(subject: Subject, asOfDay: number): AsOfForecast;
  /** Expected spend of one purchase day in minor units; undefined where nothing was ever paid in the currency. */
  expectedPurchaseValueMinor(history: PurchaseHistory, currency: string): number | undefined;
}
