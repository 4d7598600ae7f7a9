import type { PurchaseHistories } from '../statistics/purchase-histories.js';

/** Purchase days of customers as a file names them; customer `i` is `ids[i]`. */
export interface Histories extends PurchaseHistories {
  readonly ids: readonly string[];
}

/** First and last day on which anybody bought; undefined without purchases. */
export function dayRange({
  days,
}: PurchaseHistories): { readonly firstDay: number; readonly lastDay: number } | undefined {
  if (days.length === 0) return undefined;
  let firstDay = Infinity;
  let lastDay = -Infinity;
  for (const day of days) {
    if (day < firstDay) firstDay = day;
    if (day > lastDay) lastDay = day;
  }
  return { firstDay, lastDay };
}
