import { extendHistory, growLastDay, startHistory } from '@regulars/forecasting';
import { countCurrencies, mainCurrency } from './currencies.js';
import type { CategoryState, CustomerState, Folded } from './customer-state.js';
import type { LedgerItem, LedgerOrder, WrittenOrder } from './ledger-order.js';
import {
  boughtOn,
  boughtWithin,
  MOST_CATEGORIES,
  orderDaysOf,
  type Bought,
  type OrderDay,
} from './order-days.js';

/** All orders of a customer, in any order; undefined when none counts. */
export function foldOrders(orders: readonly LedgerOrder[]): CustomerState | undefined {
  const days = orderDaysOf(orders);
  return extend(undefined, days, mainCurrency(countCurrencies([], days)));
}

/**
 * The state with what the ledger has taken, exactly as {@link foldOrders} of the whole ledger would have it. Undefined
 * where that takes the earlier orders: one was replaced (nothing is ever subtracted), a day before the last one, another
 * main currency, a category that may be one of those left out.
 */
export function growState(
  state: CustomerState,
  written: readonly WrittenOrder[],
): CustomerState | undefined {
  if (written.some(({ replaced }) => replaced)) return undefined;
  const days = orderDaysOf(written.map(({ order }) => order));
  const [first] = days;
  if (!first) return state;
  if (first.day < state.history.lastDay) return undefined;
  if (mainCurrency(countCurrencies(state.currencies, days)) !== state.currency) return undefined;
  if (state.moreCategories && !knowsCategoriesOf(state, days)) return undefined;
  return extend(state, days, state.currency);
}

function knowsCategoriesOf(state: CustomerState, days: readonly OrderDay[]): boolean {
  const known = new Set(state.categories.map(({ category }) => category));
  return days.every(({ orders }) =>
    orders.every(({ items }) =>
      items.every(({ category }) => category === null || known.has(category)),
    ),
  );
}

function extend(
  before: CustomerState | undefined,
  days: readonly OrderDay[],
  currency: string,
): CustomerState | undefined {
  const last = days.at(-1);
  let folded: Folded | undefined = before;
  const within = new Map<string, Folded>(before?.categories.map((own) => [own.category, own]));
  for (const day of days) {
    folded = withDay(folded, day.day, boughtOn(day, currency));
    for (const [category, bought] of boughtWithin(day, currency)) {
      within.set(category, withDay(within.get(category), day.day, bought));
    }
  }
  if (!folded || !last) return before;
  const earlier = before?.history.lastDay === last.day ? before : undefined;
  const ids = last.orders.map(({ purchaseId }) => purchaseId);
  return {
    history: folded.history,
    lastItems: folded.lastItems,
    currency,
    currencies: countCurrencies(before?.currencies ?? [], days),
    cycle: [...ids, ...(earlier ? [earlier.cycle] : [])].reduce((a, b) => (a < b ? a : b)),
    imported: (earlier?.imported ?? true) && last.orders.every(({ imported }) => imported),
    categories: mostRecent(within),
    moreCategories: (before?.moreCategories ?? false) || within.size > MOST_CATEGORIES,
  };
}

/** The last day may grow; any other day must come after it. */
function withDay(before: Folded | undefined, day: number, bought: Bought): Folded {
  const { items, spendMinor } = bought;
  if (before?.history.lastDay === day) {
    return {
      history: growLastDay(before.history, spendMinor),
      lastItems: joined([...before.lastItems, ...items]),
    };
  }
  const next = { day, spendMinor };
  return {
    history: before ? extendHistory(before.history, next) : startHistory(next),
    lastItems: joined(items),
  };
}

/** Equal items as one. Not of other quantities: how long a pack lasts is asked of what was bought at once. */
function joined(items: readonly LedgerItem[]): LedgerItem[] {
  const byName = new Map<string, LedgerItem>();
  for (const { product, category, quantity, amountMinor } of items) {
    const name = JSON.stringify([product, category, quantity]);
    const sum = (byName.get(name)?.amountMinor ?? 0) + amountMinor;
    byName.set(name, { product, category, quantity, amountMinor: sum });
  }
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

function mostRecent(within: ReadonlyMap<string, Folded>): CategoryState[] {
  return [...within]
    .map(([category, { history, lastItems }]) => ({ category, history, lastItems }))
    .sort((a, b) => b.history.lastDay - a.history.lastDay || (a.category < b.category ? -1 : 1))
    .slice(0, MOST_CATEGORIES);
}
