import Type from 'typebox';
import { Code, Count, Currency, DayText, InstantText, MinorUnits, Uuid } from './scalars.js';

export const OrderLine = Type.Object({
  productId: Code,
  /** The category the product had at the purchase; a path such as "phones/cases". */
  category: Type.Optional(Code),
  quantity: Type.Number({ exclusiveMinimum: 0 }),
  /** The line's total, after refunds. */
  amountMinor: MinorUnits,
  /** Why the customer bought, as a code of the company. */
  reason: Type.Optional(Code),
});
export type OrderLine = Type.Static<typeof OrderLine>;

/**
 * The complete purchase after the change: every event of the topic carries it, so that any one of them can
 * replace what a consumer knew. Ids and codes only, no free text.
 */
export const PurchaseState = Type.Object({
  purchaseId: Uuid,
  customerId: Uuid,
  source: Code,
  orderId: Code,
  /** Rises by one with every change of this purchase; compared together with the envelope's epoch. */
  revision: Type.Integer({ minimum: 1 }),
  /** The local day of the zone of the source, else of the company; fixed at ingestion. */
  purchaseDay: DayText,
  purchasedAt: InstantText,
  currency: Currency,
  /** What was paid, less what was refunded. */
  totalMinor: MinorUnits,
  refundedMinor: MinorUnits,
  /** A full refund leaves no evidence of a purchase cycle: consumers drop the order from its day. */
  fullyRefunded: Type.Boolean(),
  lines: Type.Array(OrderLine, { maxItems: 500 }),
  /** History brought in by an import builds forecasts and reports but fires no trigger. */
  imported: Type.Boolean(),
  recordedFor: Type.Optional(Uuid),
});
export type PurchaseState = Type.Static<typeof PurchaseState>;

export const PurchaseRecorded = PurchaseState;
export const PurchaseCorrected = PurchaseState;
export const PurchaseRefunded = PurchaseState;
/** The order is gone from this customer: removed, or moved to another one by a merge. */
export const PurchaseRemoved = PurchaseState;

export const ProductChanged = Type.Object({
  productId: Code,
  titles: Type.Record(Type.String({ maxLength: 35 }), Type.String({ maxLength: 300 })),
  category: Type.Optional(Code),
  brand: Type.Optional(Type.String({ maxLength: 100 })),
  goesWith: Type.Array(Code, { maxItems: 100 }),
  upgradeOf: Type.Optional(Code),
  /** How long one piece lasts; the owner's knowledge. */
  consumedInDays: Type.Optional(Count),
  statedCycleDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650 })),
});
export type ProductChanged = Type.Static<typeof ProductChanged>;
