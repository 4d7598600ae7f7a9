import type { CustomerHistory } from '../ledger/customer-history.js';
import { periods, periodStart } from '../ledger/period.js';
import { purchaseDays, type PurchaseDay } from '../ledger/purchase-days.js';
import type { Tally } from './tally.js';

/** Totals over all segments stand beside those of each one: buyers cannot be added up (one may move within a month). */
export const allSegments = 'all';

/** Adds the customer's purchase days, per period and segment at that time. */
export function addPurchases(
  totals: { readonly purchases: Tally; readonly revenue: Tally },
  history: CustomerHistory,
): void {
  const buyerIn = new Set<string>();
  const returningIn = new Set<string>();
  for (const purchaseDay of purchaseDays(history)) {
    for (const period of periods) {
      const start = periodStart(period, purchaseDay.day);
      for (const segment of segmentsOf(purchaseDay)) {
        const key = [period, start, segment];
        const repeat = purchaseDay.ordinal > 1;
        totals.purchases.add(key, [
          once(buyerIn, key),
          repeat ? once(returningIn, key) : 0,
          1,
          repeat ? 1 : 0,
          purchaseDay.ordinal === 1 ? 1 : 0,
          purchaseDay.ordinal === 2 ? 1 : 0,
          purchaseDay.gapDays,
        ]);
        for (const { currency, totalMinor } of purchaseDay.orders) {
          const money = repeat ? [1, 1, totalMinor, totalMinor] : [1, 0, totalMinor, 0];
          totals.revenue.add([...key, currency], money);
        }
      }
    }
  }
}

/** `lost` stands for both its kinds. */
function segmentsOf({ segment }: PurchaseDay): string[] {
  const lost = segment === 'lapsed' || segment === 'no-cycle';
  return lost ? [allSegments, segment, 'lost'] : [allSegments, segment];
}

/** 1 for the first time, then 0: a customer is one buyer of a period, however often. */
function once(seen: Set<string>, key: readonly string[]): number {
  const name = key.join('|');
  if (seen.has(name)) return 0;
  seen.add(name);
  return 1;
}
