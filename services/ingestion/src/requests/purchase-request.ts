import Type from 'typebox';
import { Code, DayText } from '@regulars/contracts';
import { PurchaseCustomer } from './customer-request.js';
import { Amount, filledText, InstantWithOffset, strictObject } from './scalars.js';

export const MoneyRequest = strictObject({
  amountMinor: Amount,
  currency: Type.String({ minLength: 3, maxLength: 3 }),
});

export const LineItem = strictObject({
  productId: Code,
  /** Of the time of the purchase; the product's own when left out. */
  category: Type.Optional(Code),
  quantity: Type.Number({ exclusiveMinimum: 0, maximum: 1e9 }),
  /** The line's total. */
  amountMinor: Amount,
  /** Why the customer bought, as a code of the company. */
  reason: Type.Optional(Code),
});
export type LineItem = Type.Static<typeof LineItem>;

/** One purchase of `POST /v1/purchases`, and one item of the batch. Either `purchasedAt` or `purchaseDay`. */
export const PurchaseItem = strictObject({
  /** The shop, till or system that numbered the order; "api" when left out. */
  source: Type.Optional(Code),
  orderId: Code,
  customer: PurchaseCustomer,
  purchasedAt: Type.Optional(InstantWithOffset),
  purchaseDay: Type.Optional(DayText),
  /** Zone in which `purchasedAt` becomes a day: else the source's, else the company's. */
  timeZone: Type.Optional(filledText(64)),
  total: MoneyRequest,
  lines: Type.Optional(Type.Array(LineItem, { maxItems: 500 })),
  /** History: builds forecasts and reports, fires no trigger. */
  imported: Type.Optional(Type.Boolean()),
});
export type PurchaseItem = Type.Static<typeof PurchaseItem>;

/** Money given back. `refundId` is its business key; without `amount` the whole rest goes back. */
export const RefundRequest = strictObject({
  refundId: Code,
  amount: Type.Optional(MoneyRequest),
  /** What goes back of which product; without it the refund is spread over the lines by their amounts. */
  lines: Type.Optional(
    Type.Array(strictObject({ productId: Code, amountMinor: Amount }), {
      minItems: 1,
      maxItems: 500,
    }),
  ),
  refundedAt: Type.Optional(InstantWithOffset),
  reason: Type.Optional(Code),
});
export type RefundRequest = Type.Static<typeof RefundRequest>;

/** What was wrong, as it should have been; what is missing stays. `total` is what was paid before any refund. */
export const CorrectionRequest = strictObject({
  purchasedAt: Type.Optional(InstantWithOffset),
  purchaseDay: Type.Optional(DayText),
  timeZone: Type.Optional(filledText(64)),
  total: Type.Optional(MoneyRequest),
  lines: Type.Optional(Type.Array(LineItem, { maxItems: 500 })),
});
export type CorrectionRequest = Type.Static<typeof CorrectionRequest>;
