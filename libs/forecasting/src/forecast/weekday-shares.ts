import type { CustomerStatistics } from '../statistics/customer-statistics.js';

/** Share of all purchase days by weekday, Monday first. */
export function weekdaySharesOf({ size, weekday }: CustomerStatistics): number[] {
  // One visit on each day beforehand: a shop of three customers is not closed on the other days.
  const counts = new Array<number>(7).fill(1);
  for (let i = 0; i < 7 * size; i++) counts[i % 7] = (counts[i % 7] ?? 0) + (weekday[i] ?? 0);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / total);
}
