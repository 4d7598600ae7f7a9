import type { HorizonCalibration } from '../calibration/horizon-calibration.js';
import type { WindowCalibration } from '../calibration/window-calibration.js';
import type { SpendModel } from '../fitting/fit-spend.js';
import type { PopulationParameters } from '../fitting/population-parameters.js';
import type { ModelBasis } from '../forecast.js';
import type { Season } from './season.js';

/** All that a forecast needs beside the customer: immutable, JSON in and out without loss. */
export interface PurchaseCycleModel {
  readonly engine: typeof ENGINE;
  /** Made of the content: two fits of the same purchases have the same. */
  readonly version: string;
  /** The last day that the fit has seen. */
  readonly asOfDay: number;
  readonly basis: ModelBasis;
  /** How much of the parameters is the shop's own, between 0 and 1. */
  readonly ownShare: number;
  readonly customers: number;
  readonly repeatCustomers: number;
  readonly parameters: PopulationParameters;
  readonly logLikelihood: number;
  /** Whether two starts of the fit led to the same place. */
  readonly agreed: boolean;
  /** Ascending by horizon; a horizon that is missing here is served as the model gives it. */
  readonly calibrations: readonly HorizonCalibration[];
  readonly windows: WindowCalibration;
  /** Factor on the purchases expected after the next one: what the last complete windows held of them against what was expected, halved (in logarithms). */
  readonly level: number;
  /** Factors on expected counts and spend by week of the year. */
  readonly season: Season;
  readonly spend: SpendModel;
  /** Median of the first gap among those with a second purchase; a one-time buyer is new for so long. */
  readonly newDays: number;
  /** Median of all customers' mean gaps: when to remind where nothing better is known. */
  readonly medianGapDays: number;
  /** Whose that median is. */
  readonly reminderBasis: 'company' | 'category';
  /** Share of customers with at least two purchase days; 1 while there are too few customers to tell. */
  readonly repeatShare: number;
  /** Share of purchase days by weekday, Monday first. */
  readonly weekdayShares: readonly number[];
  /** Whether dates move to the customer's own weekdays: earlier ones would have hit clearly more often. */
  readonly snapsToWeekdays: boolean;
}

export const ENGINE = 'purchase-cycle';
