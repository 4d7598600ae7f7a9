import { toEpochDay } from '@regulars/kernel';
import type { LedgerItem, LedgerOrder } from './ledger-order.js';

/** The orders of one customer on one day. */
export interface OrderDay {
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly orders: readonly LedgerOrder[];
}

/** What was bought on a day, of a customer or within a category. */
export interface Bought {
  readonly items: readonly LedgerItem[];
  readonly spendMinor: number;
}

/** As many categories as a forecast event may carry. */
export const MOST_CATEGORIES = 200;

/** In day order; orders that don't count are left out. */
export function orderDaysOf(orders: readonly LedgerOrder[]): OrderDay[] {
  const days = new Map<string, LedgerOrder[]>();
  for (const order of orders) {
    if (order.purchaseDay === null) continue;
    const list = days.get(order.purchaseDay);
    if (list) list.push(order);
    else days.set(order.purchaseDay, [order]);
  }
  return [...days]
    .map(([day, list]) => ({ day: toEpochDay(day), orders: list }))
    .sort((a, b) => a.day - b.day);
}

/** On a day, spend counted in one currency alone. */
export function boughtOn({ orders }: OrderDay, currency: string): Bought {
  return {
    items: orders.flatMap(({ items }) => items),
    spendMinor: orders.reduce(
      (sum, order) => sum + (order.currency === currency ? order.totalMinor : 0),
      0,
    ),
  };
}

/** The same by category; what has none is left out. */
export function boughtWithin({ orders }: OrderDay, currency: string): Map<string, Bought> {
  const within = new Map<string, { items: LedgerItem[]; spendMinor: number }>();
  for (const order of orders) {
    for (const item of order.items) {
      if (item.category === null) continue;
      const bought = within.get(item.category) ?? { items: [], spendMinor: 0 };
      bought.items.push(item);
      if (order.currency === currency) bought.spendMinor += item.amountMinor;
      within.set(item.category, bought);
    }
  }
  return within;
}
