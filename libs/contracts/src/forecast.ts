import Type from 'typebox';
import { Code, Count, DayText, MinorUnits, Currency, Probability, Uuid } from './scalars.js';

export const Basis = Type.Enum([
  'own data',
  'blend',
  'built-in prior',
  'stated',
  'category',
  'company',
]);
export type Basis = Type.Static<typeof Basis>;

export const Window = Type.Object({ from: DayText, to: DayText, probability: Probability });

export const Predictability = Type.Union([
  Type.Object({ state: Type.Literal('ok') }),
  Type.Object({
    state: Type.Literal('unpredictable'),
    reason: Type.Enum(['no-cycle', 'lost', 'low-return', 'wide-window']),
  }),
]);
export type Predictability = Type.Static<typeof Predictability>;

/** What is forecast for a customer, and with the same fields for a customer and a category. */
const forecastFields = {
  purchaseCount: Count,
  firstPurchaseDay: DayText,
  lastPurchaseDay: DayText,
  /** Typical gap in days; absent before the second purchase day where nothing better is known. */
  cycleDays: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  /** Coefficient of variation of the gaps; absent with fewer than two gaps. */
  gapVariation: Type.Optional(Type.Number({ minimum: 0 })),
  /** The model's belief that the gaps are steady (shape k > 3), or no more regular than chance (k <= 1). */
  pRegular: Type.Optional(Probability),
  pNoCycle: Type.Optional(Probability),
  /** One purchase day only: until this day the customer counts as `new`. */
  newUntilDay: Type.Optional(DayText),
  dueDay: Type.Optional(DayText),
  window: Type.Optional(Window),
  lostDay: Type.Optional(DayText),
  /** The next contact day where no date can be given, with where it comes from. */
  remindDay: Type.Optional(DayText),
  basis: Basis,
  predictability: Predictability,
  expectedPurchaseValueMinor: Type.Optional(MinorUnits),
  currency: Type.Optional(Currency),
};

export const CategoryForecast = Type.Object({ category: Code, ...forecastFields });
export type CategoryForecast = Type.Static<typeof CategoryForecast>;

export const ForecastUpdated = Type.Object({
  customerId: Uuid,
  /** What the forecast knew: the purchase event it answers, by that event's envelope. */
  basedOn: Type.Object({
    lastPurchaseDay: DayText,
    purchaseCount: Count,
    epoch: Count,
    sequence: Count,
  }),
  cause: Type.Enum(['purchase', 'correction', 'refit']),
  /** Id of the purchase that opened the cycle: the smallest among the orders of the last purchase day. */
  cycle: Uuid,
  /** Whether the cycle's opening day holds imported orders only: then it fires no trigger by itself. */
  imported: Type.Boolean(),
  ...forecastFields,
  modelVersion: Code,
  categories: Type.Array(CategoryForecast, { maxItems: 200 }),
});
export type ForecastUpdated = Type.Static<typeof ForecastUpdated>;

/** A forecast judged by the purchase that came. */
export const ForecastJudged = Type.Object({
  customerId: Uuid,
  purchaseId: Uuid,
  purchaseDay: DayText,
  forecast: Type.Object({
    dueDay: Type.Optional(DayText),
    window: Type.Optional(Window),
    remindDay: Type.Optional(DayText),
    predictability: Predictability,
    modelVersion: Code,
    basis: Basis,
  }),
  insideWindow: Type.Optional(Type.Boolean()),
  errorDays: Type.Optional(Type.Integer()),
  /** Same for the plain baseline "last purchase + mean gap". */
  baselineErrorDays: Type.Optional(Type.Integer()),
});
export type ForecastJudged = Type.Static<typeof ForecastJudged>;
