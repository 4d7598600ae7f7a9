import type { CustomerStatistics } from '../statistics/customer-statistics.js';

/** One customer out of the columns, in days. */
export interface CustomerRow {
  readonly repeats: number;
  readonly firstDay: number;
  readonly lastDay: number;
  readonly asOfDay: number;
  readonly sumLnGap: number;
  readonly elapsedDays: number;
  readonly ageDays: number;
  /** Mean spend of a purchase day, the first one included where it is all there is. */
  readonly meanSpend: number;
}

export function rowOf(s: CustomerStatistics, i: number): CustomerRow {
  const firstDay = s.firstDay[i] ?? 0;
  const lastDay = s.lastDay[i] ?? 0;
  const asOfDay = s.asOfDay[i] ?? 0;
  const spendDays = s.spendDays[i] ?? 0;
  return {
    repeats: (s.purchaseDays[i] ?? 1) - 1,
    firstDay,
    lastDay,
    asOfDay,
    sumLnGap: s.sumLnGap[i] ?? 0,
    elapsedDays: asOfDay - lastDay,
    ageDays: asOfDay - firstDay,
    meanSpend: spendDays > 0 ? (s.sumSpend[i] ?? 0) / spendDays : (s.firstDaySpend[i] ?? 0),
  };
}
