import { isDeepStrictEqual } from 'node:util';
import type { OrderLine } from '@regulars/contracts';
import { err, ok, type Result } from '@regulars/kernel';
import { impossibleAt, type Refusal } from '../requests/refusal.js';
import type { Purchase } from './purchase.js';
import type { PurchaseTime } from './purchase-time.js';

/** What was wrong, as it should have been. */
export interface Correction {
  readonly time?: PurchaseTime;
  /** What was paid before any refund. */
  readonly total?: { readonly amountMinor: number; readonly currency: string };
  /** As they stand, after refunds. */
  readonly lines?: readonly OrderLine[];
}

/** The purchase after the correction; the very same one when nothing was wrong. */
export function applyCorrection(
  purchase: Purchase,
  { time, total, lines }: Correction,
): Result<Purchase, Refusal> {
  const { refundedMinor } = purchase;
  if (total && refundedMinor > 0 && total.currency !== purchase.currency) {
    return err(
      impossibleAt(
        'currency-differs',
        '/total/currency',
        `Some of it was refunded in ${purchase.currency}, so it cannot have been paid in another currency.`,
      ),
    );
  }
  if (total && total.amountMinor < refundedMinor) {
    return err(
      impossibleAt(
        'refund-exceeds-purchase',
        '/total/amountMinor',
        `${String(refundedMinor)} minor units were refunded already; the total cannot be less.`,
      ),
    );
  }
  const corrected: Purchase = {
    ...purchase,
    ...time,
    ...(total && {
      totalMinor: total.amountMinor - refundedMinor,
      currency: total.currency,
    }),
    ...(lines && { lines }),
  };
  if (isDeepStrictEqual(corrected, purchase)) return ok(purchase);
  return ok({ ...corrected, revision: purchase.revision + 1 });
}
