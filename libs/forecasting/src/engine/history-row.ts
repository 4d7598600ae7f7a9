import { emptyStatistics, type CustomerStatistics } from '../statistics/customer-statistics.js';
import type { PurchaseHistory } from '../history.js';

/** One customer's history as the only row of a statistics table, as of a day. */
export function historyRow(history: PurchaseHistory, asOfDay: number): CustomerStatistics {
  const row = emptyStatistics(1);
  const { sumMinor, days } = repeatSpendOf(history);
  row.asOfDay[0] = asOfDay;
  row.purchaseDays[0] = history.purchaseCount;
  row.firstDay[0] = history.firstDay;
  row.lastDay[0] = history.lastDay;
  row.firstGap[0] = history.firstGap;
  row.lastGap[0] = history.lastGap;
  row.sumLnGap[0] = history.sumLnGap;
  row.sumLnGapSq[0] = history.sumLnGapSq;
  row.sumSpend[0] = sumMinor;
  row.spendDays[0] = days;
  row.firstDaySpend[0] = history.firstDaySpend;
  row.weekday.set(history.weekday);
  return row;
}

/** Over the repeat days with positive spend, the open last day among them. */
export function repeatSpendOf(history: PurchaseHistory): { sumMinor: number; days: number } {
  const open = history.purchaseCount > 1 ? history.openDaySpend : 0;
  return {
    sumMinor: history.sumSpend + Math.max(0, open),
    days: history.nSpend + (open > 0 ? 1 : 0),
  };
}
