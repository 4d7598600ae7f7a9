/** Declared constants, the same for every customer of a company. */
export interface ForecastRules {
  /** A date is given on the condition that the purchase comes within so many days. */
  readonly horizonCapDays: number;
  /** No date where its window would be wider. */
  readonly wideWindowDays: number;
  /** No date where a purchase within a year is less likely. */
  readonly lowReturn: number;
  /** Belief in "no more regular than chance" from which on there is no cycle, given so many repeats. */
  readonly noCycle: number;
  readonly noCycleRepeats: number;
  /**
   * Belief in steady gaps (k > 3) from which on a customer is regular, given so many repeats. Few gaps look steady by
   * chance, so for each gap below `regularSure` the belief must be higher by `regularStep`.
   */
  readonly regular: number;
  readonly regularRepeats: number;
  readonly regularSure: number;
  readonly regularStep: number;
  /** Of all who ever bought, fewer than this came back: nobody is given a date. */
  readonly repeatShare: number;
  /** Lost: the probability of any purchase within `lostHorizonDays` has fallen to this. */
  readonly lostProbability: number;
  readonly lostHorizonDays: number;
  /** Where that cannot be calibrated: the probability of being alive at which a customer counts as lost. */
  readonly lostAlive: number;
  /** A stated cycle weighs as much as so many observed gaps. */
  readonly statedWeightGaps: number;
}

export const defaultRules: ForecastRules = {
  horizonCapDays: 365,
  wideWindowDays: 120,
  lowReturn: 0.15,
  noCycle: 0.8,
  noCycleRepeats: 3,
  regular: 0.7,
  regularRepeats: 3,
  regularSure: 6,
  regularStep: 0.05,
  repeatShare: 0.05,
  lostProbability: 0.1,
  lostHorizonDays: 365,
  lostAlive: 0.2,
  statedWeightGaps: 5,
};
