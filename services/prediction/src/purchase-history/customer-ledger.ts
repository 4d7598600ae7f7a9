import type { PurchaseDay } from '@regulars/forecasting';
import { countCurrencies, mainCurrency } from './currencies.js';
import type { LedgerOrder } from './ledger-order.js';
import { boughtOn, boughtWithin, MOST_CATEGORIES, orderDaysOf } from './order-days.js';

/** All purchase days of one customer, as a fit reads them; the same for every order in which the orders arrived. */
export interface CustomerLedger {
  readonly days: readonly PurchaseDay[];
  /** The currency of most of his purchase days; spend is counted in it alone. */
  readonly currency: string;
  /** Most recent first. */
  readonly categories: readonly CategoryLedger[];
}

export interface CategoryLedger {
  readonly category: string;
  readonly days: readonly PurchaseDay[];
}

/** Undefined when no order counts. */
export function customerLedger(orders: readonly LedgerOrder[]): CustomerLedger | undefined {
  const orderDays = orderDaysOf(orders);
  if (orderDays.length === 0) return undefined;
  const currency = mainCurrency(countCurrencies([], orderDays));
  const days: PurchaseDay[] = [];
  const within = new Map<string, PurchaseDay[]>();
  for (const orderDay of orderDays) {
    const { day } = orderDay;
    days.push({ day, spendMinor: boughtOn(orderDay, currency).spendMinor });
    for (const [category, { spendMinor }] of boughtWithin(orderDay, currency)) {
      const list = within.get(category);
      if (list) list.push({ day, spendMinor });
      else within.set(category, [{ day, spendMinor }]);
    }
  }
  return { days, currency, categories: mostRecent(within) };
}

function mostRecent(within: ReadonlyMap<string, readonly PurchaseDay[]>): CategoryLedger[] {
  const lastDay = ({ days }: CategoryLedger): number => days.at(-1)?.day ?? 0;
  return [...within]
    .map(([category, days]) => ({ category, days }))
    .sort((a, b) => lastDay(b) - lastDay(a) || (a.category < b.category ? -1 : 1))
    .slice(0, MOST_CATEGORIES);
}
