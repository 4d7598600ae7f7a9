import type { Basis, UnpredictableReason } from '../forecast.js';

export type SegmentName = 'new' | 'one-time' | 'lost' | 'regular' | 'periodic';

/** Days since 1970-01-01. */
export interface DayWindow {
  readonly from: number;
  readonly to: number;
}

export interface HorizonForecast {
  readonly horizonDays: number;
  /** Probability of at least one purchase in (asOf, asOf + horizon]. */
  readonly probability: number;
  /** The same as the model gave it. */
  readonly rawProbability: number;
  /** False where no complete earlier window of this length was known: `probability` is the model's. */
  readonly calibrated: boolean;
  readonly expectedCount: number;
  /** In the unit of the amounts. */
  readonly expectedSpend: number;
}

/**
 * What is forecast of one customer. Dates are filled for everybody; where there is a `reason` they are not to be relied
 * on and are withheld from users.
 */
export interface CustomerForecast {
  readonly asOfDay: number;
  readonly lastDay: number;
  readonly repeats: number;
  readonly dueDay: number;
  readonly dueWindow: DayWindow;
  readonly expectedDay: number;
  readonly window: DayWindow;
  readonly probabilityAlive: number;
  readonly lostDay: number;
  /** True where the day comes from the model alone, for want of an earlier window that is long enough. */
  readonly lostProvisional: boolean;
  readonly horizons: readonly HorizonForecast[];
  /** Typical (median) gap in days. */
  readonly cycleDays: number;
  /** Believed shape k of the gaps; 1 is random. */
  readonly regularity: number;
  readonly pRegular: number;
  readonly pNoCycle: number;
  readonly segment: SegmentName;
  /** Why no date can be given as of now. */
  readonly reason?: UnpredictableReason;
  /** Why none could be given right after the last purchase: `dueDay` and its window are withheld. */
  readonly dueReason?: UnpredictableReason;
  /** Where no due day can be given and the customer is not lost: when to remind a repeat customer all the same. */
  readonly remindDay?: number;
  /** What the due or reminder day rests on. */
  readonly basis: Basis;
}
