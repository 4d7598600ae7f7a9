import type { CustomerStatistics } from './customer-statistics.js';
import { emptyStatistics } from './customer-statistics.js';
import type { PurchaseHistories } from './purchase-histories.js';

// Bound once: these run by the million, and a look-up of the global each time is slow in sandboxes such as test runners.
const { log } = Math;

/** The state of one customer at one of his days: which row of the statistics it becomes. */
export interface StateAt {
  readonly customer: number;
  readonly asOfDay: number;
}

/** Statistics of all customers who bought up to the day; what came after it is not looked at. */
export function statisticsAsOf(histories: PurchaseHistories, asOfDay: number): CustomerStatistics {
  const { size, offsets, days } = histories;
  let known = 0;
  for (let i = 0; i < size; i++) if (hasBought(i)) known += 1;
  const statistics = emptyStatistics(known);
  let row = 0;
  for (let i = 0; i < size; i++) {
    if (hasBought(i)) foldInto(statistics, row++, histories, { customer: i, asOfDay });
  }
  return statistics;

  function hasBought(i: number): boolean {
    const start = at(offsets, i);
    return start < at(offsets, i + 1) && at(days, start) <= asOfDay;
  }
}

/** Statistics of chosen states, such as "right after each order"; each customer must have bought by his day. */
export function statisticsAt(
  histories: PurchaseHistories,
  states: readonly StateAt[],
): CustomerStatistics {
  const statistics = emptyStatistics(states.length);
  states.forEach((state, row) => {
    foldInto(statistics, row, histories, state);
  });
  return statistics;
}

/** The same additions in the same order as the fold of a single history: bit-equal sums. */
function foldInto(
  statistics: CustomerStatistics,
  row: number,
  { offsets, days, spend }: PurchaseHistories,
  { customer, asOfDay }: StateAt,
): void {
  const start = at(offsets, customer);
  const end = at(offsets, customer + 1);
  const firstDay = at(days, start);
  let sumLnGap = 0;
  let sumLnGapSq = 0;
  let sumSpend = 0;
  let spendDays = 0;
  let lastDay = firstDay;
  let lastGap = 0;
  let i = start;
  for (; i < end && at(days, i) <= asOfDay; i++) {
    const day = at(days, i);
    const slot = 7 * row + weekdayOf(day);
    statistics.weekday[slot] = at(statistics.weekday, slot) + 1;
    if (i === start) continue;
    lastGap = day - lastDay;
    if (i === start + 1) statistics.firstGap[row] = lastGap;
    const lnGap = lnOf(lastGap);
    sumLnGap += lnGap;
    sumLnGapSq += lnGap * lnGap;
    lastDay = day;
    const paid = at(spend, i);
    if (paid > 0) {
      sumSpend += paid;
      spendDays += 1;
    }
  }
  statistics.customer[row] = customer;
  statistics.asOfDay[row] = asOfDay;
  statistics.purchaseDays[row] = i - start;
  statistics.firstDay[row] = firstDay;
  statistics.lastDay[row] = lastDay;
  statistics.lastGap[row] = lastGap;
  statistics.sumLnGap[row] = sumLnGap;
  statistics.sumLnGapSq[row] = sumLnGapSq;
  statistics.sumSpend[row] = sumSpend;
  statistics.spendDays[row] = spendDays;
  statistics.firstDaySpend[row] = at(spend, start);
}

/** 0 is Monday. 1970-01-01 was a Thursday; the second remainder is for days before it. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** Gaps are whole days and mostly short: their logarithms are looked up. */
const lnTable = Float64Array.from({ length: 4096 }, (_, gap) => log(gap));

function lnOf(gap: number): number {
  return gap < lnTable.length ? at(lnTable, gap) : log(gap);
}

/** An index that the loop keeps within the column. */
function at(column: ArrayLike<number>, index: number): number {
  return column[index] ?? Number.NaN;
}
