import type { AsOfForecast, ModelBasis, StaticForecast } from './forecast.js';
import type { PurchaseHistory } from './history.js';
import type { PopulationSample } from './population-sample.js';

/** Declared constants, the same for every customer of a company. */
export interface ForecastSettings {
  /** A date is given on the condition that the purchase comes within so many days. */
  readonly horizonCapDays: number;
  /** Levels of the window; 0.1 and 0.9 hold the purchase with probability 0.8. */
  readonly windowLevels: readonly [number, number];
  /** No date where its window would be wider. */
  readonly wideWindowDays: number;
  /** No date where a purchase within a year is less likely. */
  readonly lowReturn: number;
  /** No date from this belief in "no more regular than chance" on, given at least `noCycleRepeats`. */
  readonly noCycle: number;
  readonly noCycleRepeats: number;
  /** Nobody is declared lost before so many days of silence. */
  readonly minimumLostDays: number;
  /** A stated cycle weighs as much as so many observed gaps. */
  readonly statedWeightGaps: number;
}

export const defaultSettings: ForecastSettings = {
  horizonCapDays: 365,
  windowLevels: [0.1, 0.9],
  wideWindowDays: 120,
  lowReturn: 0.15,
  noCycle: 0.8,
  noCycleRepeats: 3,
  minimumLostDays: 28,
  statedWeightGaps: 5,
};

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

/**
 * An estimator of purchase cycles. Pure and deterministic: the same arguments give bit-identical answers. Engines
 * differ in their model's type only, so that a service can change one for another.
 */
export interface ForecastEngine<M extends ForecastModel> {
  readonly name: string;
  /** What is believed before there are data; wide on purpose. */
  readonly builtInPrior: M;
  /** @param asOfDay the last day that the sample has seen, as days since 1970-01-01. */
  fit(sample: PopulationSample, asOfDay: number): M;
  /** The dates that hold until the next event. */
  forecast(subject: Subject, model: M, settings: ForecastSettings): StaticForecast;
  /** @param asOfDay counts as observed to its end; not before the last purchase day. */
  forecastAsOf(
    subject: Subject,
    model: M,
    settings: ForecastSettings,
    asOfDay: number,
  ): AsOfForecast;
  /** Expected spend of one purchase day in minor units; undefined where nothing was ever paid in the currency. */
  expectedPurchaseValueMinor(
    history: PurchaseHistory,
    model: M,
    currency: string,
  ): number | undefined;
}
