import type { Day } from '@regulars/kernel';

export type UnpredictableReason = 'no-cycle' | 'lost' | 'low-return' | 'wide-window';

export type Predictability =
  | { readonly state: 'ok' }
  | { readonly state: 'unpredictable'; readonly reason: UnpredictableReason };

/** Where a date comes from: the model's parameters, or what stands in where the model gives no date. */
export type ModelBasis = 'own data' | 'blend' | 'built-in prior';
export type Basis = ModelBasis | 'stated' | 'category' | 'company';

export interface ForecastWindow {
  readonly from: Day;
  readonly to: Day;
  readonly probability: number;
}

/** What is known right after the last purchase and holds until a purchase, a correction or a refit: no clock in it. */
export interface StaticForecast {
  readonly purchaseCount: number;
  readonly firstPurchaseDay: Day;
  readonly lastPurchaseDay: Day;
  /** Typical gap in days. */
  readonly cycleDays: number;
  readonly gapVariation?: number;
  /** Belief that the gaps are steady (shape k > 3), or no more regular than chance (k <= 1). */
  readonly pRegular?: number;
  readonly pNoCycle?: number;
  /** With one purchase day only: the customer counts as new before this day. */
  readonly newUntilDay?: Day;
  /** Withheld when unpredictable; then {@link remindDay} stands in. */
  readonly dueDay?: Day;
  readonly window?: ForecastWindow;
  /** Always after the last purchase and after the due or reminder day. */
  readonly lostDay: Day;
  readonly remindDay?: Day;
  readonly basis: Basis;
  readonly predictability: Predictability;
}

/** One figure per published horizon. */
export interface ByHorizon {
  readonly d14: number;
  readonly d30: number;
  readonly d90: number;
  readonly d365: number;
}

/** What can be said as of a day: the silence since the last purchase has been taken into account. */
export interface AsOfForecast {
  readonly asOf: Day;
  readonly daysSinceLastPurchase: number;
  readonly expectedDay?: Day;
  readonly windowNow?: ForecastWindow;
  readonly probabilityAlive: number;
  readonly purchaseProbability: ByHorizon;
  /** Purchase days to expect. */
  readonly expectedPurchases: ByHorizon;
  /** False while the probabilities come straight from the model: read them as ranks rather than as promises. */
  readonly calibrated: boolean;
  readonly predictability: Predictability;
  readonly explanation: Explanation;
}

/** The numbers behind a forecast, by name: days, counts and plain shares. */
export type Explanation = Readonly<Record<string, number | string>>;
