import type { ForecastModel } from '../engine.js';

/** How gaps spread in a population, on the scale of ln(days). */
export interface GapParameters {
  /** Mean over customers of a customer's own mean ln(gap). */
  readonly meanLnGap: number;
  /** Variance of those means between customers. */
  readonly betweenVariance: number;
  /** Variance of one customer's gaps around his own mean, pooled. */
  readonly withinVariance: number;
  /** Share of customers who stay after a purchase: how many first-time buyers come back. */
  readonly stayShare: number;
}

export interface ScopeParameters extends GapParameters {
  readonly customers: number;
  readonly repeatCustomers: number;
  /** Median of all gaps seen; absent with fewer than {@link MEDIAN_MIN_GAPS}. */
  readonly medianGapDays?: number;
  /** Median gap from the first to the second purchase among those followed for a year; absent with too few of them. */
  readonly medianFirstGapDays?: number;
}

export interface CycleModel extends ForecastModel {
  readonly engine: typeof ENGINE_NAME;
  readonly company: ScopeParameters;
  readonly categories: Readonly<Record<string, ScopeParameters>>;
  /** Mean spend of a purchase day by currency, in minor units. */
  readonly meanSpendMinor: Readonly<Record<string, number>>;
}

export const ENGINE_NAME = 'shrunken-cycle';
/** Fewer gaps than this are no median worth a reminder day. */
export const MEDIAN_MIN_GAPS = 5;

/**
 * A broad belief for a trade that nobody has told us about: gaps of about 45 days, most customers between two weeks
 * and half a year, gaps of one customer within a factor of about two, three of five first-time buyers come back.
 */
const BROAD: GapParameters = {
  meanLnGap: Math.log(45),
  betweenVariance: 1,
  withinVariance: 0.64,
  stayShare: 0.6,
};

export const builtInPrior: CycleModel = {
  engine: ENGINE_NAME,
  version: 'shrunken-cycle/prior-1',
  basis: 'built-in prior',
  customers: 0,
  repeatCustomers: 0,
  company: { ...BROAD, customers: 0, repeatCustomers: 0 },
  categories: {},
  meanSpendMinor: {},
};

/** The category's parameters; a category that the fit has not seen inherits the company's. */
export function scopeOf(model: CycleModel, category: string | undefined): ScopeParameters {
  if (category === undefined || !Object.hasOwn(model.categories, category)) return model.company;
  return model.categories[category] ?? model.company;
}
