import type { OrderLine, PurchaseState } from '@regulars/contracts';
import type { Day } from '@regulars/kernel';

/** A purchase as it stands. */
export interface Purchase {
  readonly id: string;
  readonly customerId: string;
  readonly source: string;
  readonly orderId: string;
  readonly revision: number;
  readonly purchaseDay: Day;
  readonly purchasedAt: Date;
  readonly timeZone: string;
  readonly currency: string;
  /** What was paid, less what was refunded. */
  readonly totalMinor: number;
  readonly refundedMinor: number;
  readonly lines: readonly OrderLine[];
  readonly imported: boolean;
  readonly removed: boolean;
}

/** The complete purchase for an event. */
export function toPurchaseState(purchase: Purchase): PurchaseState {
  return {
    purchaseId: purchase.id,
    customerId: purchase.customerId,
    source: purchase.source,
    orderId: purchase.orderId,
    revision: purchase.revision,
    purchaseDay: purchase.purchaseDay,
    purchasedAt: purchase.purchasedAt.toISOString(),
    currency: purchase.currency,
    totalMinor: purchase.totalMinor,
    refundedMinor: purchase.refundedMinor,
    fullyRefunded: isFullyRefunded(purchase),
    lines: [...purchase.lines],
    imported: purchase.imported,
  };
}

/** Nothing is left of what was paid. A purchase that was free from the start is none of those. */
export function isFullyRefunded({ totalMinor, refundedMinor }: Purchase): boolean {
  return totalMinor === 0 && refundedMinor > 0;
}

/** The purchase as the API shows it, also beside a differing one. */
export function toPurchaseAnswer(purchase: Purchase) {
  return {
    id: purchase.id,
    customerId: purchase.customerId,
    source: purchase.source,
    orderId: purchase.orderId,
    revision: purchase.revision,
    purchaseDay: purchase.purchaseDay,
    purchasedAt: purchase.purchasedAt.toISOString(),
    total: { amountMinor: purchase.totalMinor, currency: purchase.currency },
    refunded: { amountMinor: purchase.refundedMinor, currency: purchase.currency },
    fullyRefunded: isFullyRefunded(purchase),
    lines: purchase.lines,
    imported: purchase.imported,
    removed: purchase.removed,
  };
}
export type PurchaseAnswer = ReturnType<typeof toPurchaseAnswer>;
