import type { OrderDay } from './order-days.js';

/** On how many of a customer's purchase days he paid in a currency. */
export interface CurrencyDays {
  readonly currency: string;
  readonly days: number;
  /** The last of them, which counts once however many orders it still gets. */
  readonly lastDay: number;
}

/** With further days, none of them before the last one counted. By code. */
export function countCurrencies(
  before: readonly CurrencyDays[],
  days: readonly OrderDay[],
): CurrencyDays[] {
  const counts = new Map(before.map((count) => [count.currency, count]));
  for (const { day, orders } of days) {
    for (const { currency } of orders) {
      const count = counts.get(currency);
      if (count?.lastDay === day) continue;
      counts.set(currency, { currency, days: (count?.days ?? 0) + 1, lastDay: day });
    }
  }
  return [...counts.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
}

/** The one of most days; of equals the first by code. */
export function mainCurrency(counts: readonly CurrencyDays[]): string {
  const [first] = [...counts].sort((a, b) => b.days - a.days || (a.currency < b.currency ? -1 : 1));
  return first?.currency ?? '';
}
