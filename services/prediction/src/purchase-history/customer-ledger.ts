import {
  foldHistory,
  purchaseDaysOf,
  type PurchaseDay,
  type PurchaseHistory,
} from '@regulars/forecasting';
import { toEpochDay } from '@regulars/kernel';
import type { LedgerItem, LedgerOrder } from './ledger-order.js';

/** Purchase days within a category, with what was bought in it on the last of them. */
export interface CategoryLedger {
  readonly category: string;
  readonly days: readonly PurchaseDay[];
  readonly history: PurchaseHistory;
  readonly lastItems: readonly LedgerItem[];
}

/** What the orders of one customer say; the same for every order in which they arrived. */
export interface CustomerLedger {
  readonly days: readonly PurchaseDay[];
  readonly history: PurchaseHistory;
  /** The currency of most of his purchase days; spend is counted in it alone. */
  readonly currency: string;
  /** Smallest purchase id of the last purchase day: the id of the cycle that it opened. */
  readonly cycle: string;
  /** Whether the last purchase day holds imported orders only. */
  readonly imported: boolean;
  readonly lastItems: readonly LedgerItem[];
  /** Most recent first. */
  readonly categories: readonly CategoryLedger[];
}

/** As many category forecasts as an event may carry. */
const MOST_CATEGORIES = 200;

/** Undefined when no order counts. */
export function customerLedger(orders: readonly LedgerOrder[]): CustomerLedger | undefined {
  const counted = orders.flatMap((order) =>
    order.purchaseDay === null ? [] : [{ ...order, day: toEpochDay(order.purchaseDay) }],
  );
  const currency = mainCurrency(counted);
  const days = purchaseDaysOf(
    counted.map((order) => ({ day: order.day, totalMinor: spendIn(currency, order) })),
  );
  const history = foldHistory(days);
  if (!history) return undefined;
  const last = counted.filter(({ day }) => day === history.lastDay);
  return {
    days,
    history,
    currency,
    cycle: last.map(({ purchaseId }) => purchaseId).reduce((a, b) => (a < b ? a : b)),
    imported: last.every(({ imported }) => imported),
    lastItems: last.flatMap(({ items }) => items),
    categories: categoryLedgers(counted, currency),
  };
}

type Counted = LedgerOrder & { readonly day: number };

function categoryLedgers(orders: readonly Counted[], currency: string): CategoryLedger[] {
  const byCategory = new Map<string, (LedgerItem & { day: number; totalMinor: number })[]>();
  for (const order of orders) {
    for (const item of order.items) {
      if (item.category === null) continue;
      const bought = {
        ...item,
        day: order.day,
        totalMinor: order.currency === currency ? item.amountMinor : 0,
      };
      const list = byCategory.get(item.category);
      if (list) list.push(bought);
      else byCategory.set(item.category, [bought]);
    }
  }
  return [...byCategory]
    .flatMap(([category, bought]): CategoryLedger[] => {
      const days = purchaseDaysOf(bought);
      const history = foldHistory(days);
      if (!history) return [];
      const lastItems = bought.filter(({ day }) => day === history.lastDay);
      return [{ category, days, history, lastItems }];
    })
    .sort((a, b) => b.history.lastDay - a.history.lastDay || (a.category < b.category ? -1 : 1))
    .slice(0, MOST_CATEGORIES);
}

function spendIn(currency: string, order: LedgerOrder): number {
  return order.currency === currency ? order.totalMinor : 0;
}

function mainCurrency(orders: readonly Counted[]): string {
  const days = new Map<string, Set<number>>();
  for (const { currency, day } of orders) {
    const seen = days.get(currency);
    if (seen) seen.add(day);
    else days.set(currency, new Set([day]));
  }
  const [first] = [...days].sort(([a, x], [b, y]) => y.size - x.size || (a < b ? -1 : 1));
  return first?.[0] ?? '';
}
