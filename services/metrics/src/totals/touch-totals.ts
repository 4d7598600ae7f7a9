import type { CustomerHistory, Order, Touch } from '../ledger/customer-history.js';
import type { Tally } from './tally.js';

/** A purchase this long after a touch is credited to it. Attribution, no proof of cause. */
export const attributionDays = 14;
const attributionMs = attributionDays * 86_400_000;

/** Adds the customer's touches in their newest state, and the purchases credited to them. */
export function addTouches(
  totals: { readonly touches: Tally; readonly touchPurchases: Tally },
  history: CustomerHistory,
): void {
  const touches = [...history.touches.values()];
  for (const { day, channel, campaignId, outcome, detail } of touches) {
    totals.touches.add([day, channel, campaignId, outcome, detail], [1]);
  }
  for (const order of history.orders.values()) {
    const touch = order.day === null ? undefined : creditedTouch(touches, order);
    if (touch === undefined) continue;
    const { day, channel, campaignId } = touch;
    totals.touchPurchases.add([day, channel, campaignId, order.currency], [1, order.totalMinor]);
  }
}

/** The last touch before the purchase, so that no purchase counts twice. */
function creditedTouch(touches: readonly Touch[], { purchasedAt }: Order): Touch | undefined {
  let last: Touch | undefined;
  for (const touch of touches) {
    if (touch.reachedAt === null) continue;
    const after = purchasedAt.getTime() - touch.reachedAt.getTime();
    if (after <= 0 || after > attributionMs) continue;
    if (last === undefined || isLater(touch, last)) last = touch;
  }
  return last;
}

function isLater(one: Touch, other: Touch): boolean {
  const difference = (one.reachedAt?.getTime() ?? 0) - (other.reachedAt?.getTime() ?? 0);
  return difference > 0 || (difference === 0 && one.touchId > other.touchId);
}
