import type { PurchaseDay } from './purchase-day.js';

/**
 * What a customer's purchase days say, in a few running sums (docs/ARCHITECTURE.md, prediction). A fold of the
 * ledger in day order, so it is bit-equal for every order in which the purchases arrived. Days are days since 1970-01-01.
 */
export interface PurchaseHistory {
  readonly firstDay: number;
  readonly lastDay: number;
  /** Distinct purchase days; repeats (the literature's frequency) = this minus 1. */
  readonly purchaseCount: number;
  /** Sum of ln(gap in days), of its square, and of the squared gaps. */
  readonly sumLnGap: number;
  readonly sumLnGapSq: number;
  readonly sumGapSq: number;
  /** 0 while there is no gap. */
  readonly firstGap: number;
  readonly lastGap: number;
  /** Exponentially weighted mean of ln(gap), weight 0.3: for showing a trend. */
  readonly ewmaLnGap: number;
  /** Over the repeat days before the last one that have positive spend. */
  readonly sumSpend: number;
  readonly nSpend: number;
  readonly sumLnSpend: number;
  readonly firstDaySpend: number;
  /** The last day's total: the day may still grow, so it stands apart from the sums. */
  readonly openDaySpend: number;
  /** Purchase days by weekday, Monday first. */
  readonly weekday: readonly number[];
}

const TREND_WEIGHT = 0.3;

/** The history of purchase days in day order (as {@link purchaseDaysOf} gives them); undefined when there are none. */
export function foldHistory(days: readonly PurchaseDay[]): PurchaseHistory | undefined {
  let history: PurchaseHistory | undefined;
  for (const day of days) history = history ? extendHistory(history, day) : startHistory(day);
  return history;
}

export function startHistory({ day, spendMinor }: PurchaseDay): PurchaseHistory {
  return {
    firstDay: day,
    lastDay: day,
    purchaseCount: 1,
    sumLnGap: 0,
    sumLnGapSq: 0,
    sumGapSq: 0,
    firstGap: 0,
    lastGap: 0,
    ewmaLnGap: 0,
    sumSpend: 0,
    nSpend: 0,
    sumLnSpend: 0,
    firstDaySpend: spendMinor,
    openDaySpend: spendMinor,
    weekday: countWeekday([0, 0, 0, 0, 0, 0, 0], day),
  };
}

/** One more purchase day, after the last one. The same additions in the same order as the fold from the start. */
export function extendHistory(history: PurchaseHistory, next: PurchaseDay): PurchaseHistory {
  const gap = next.day - history.lastDay;
  if (gap < 1) {
    throw new RangeError('A day that is not after the last one needs a rebuild from the ledger.');
  }
  const lnGap = Math.log(gap);
  const closed = history.purchaseCount > 1 && history.openDaySpend > 0;
  return {
    ...history,
    lastDay: next.day,
    purchaseCount: history.purchaseCount + 1,
    sumLnGap: history.sumLnGap + lnGap,
    sumLnGapSq: history.sumLnGapSq + lnGap * lnGap,
    sumGapSq: history.sumGapSq + gap * gap,
    firstGap: history.purchaseCount === 1 ? gap : history.firstGap,
    lastGap: gap,
    ewmaLnGap:
      history.purchaseCount === 1
        ? lnGap
        : (1 - TREND_WEIGHT) * history.ewmaLnGap + TREND_WEIGHT * lnGap,
    sumSpend: closed ? history.sumSpend + history.openDaySpend : history.sumSpend,
    nSpend: closed ? history.nSpend + 1 : history.nSpend,
    sumLnSpend: closed ? history.sumLnSpend + Math.log(history.openDaySpend) : history.sumLnSpend,
    openDaySpend: next.spendMinor,
    weekday: countWeekday(history.weekday, next.day),
  };
}

/** More spend on the last day, which is open: integers in minor units, so exact in any order. */
export function growLastDay(history: PurchaseHistory, spendMinor: number): PurchaseHistory {
  const openDaySpend = history.openDaySpend + spendMinor;
  return {
    ...history,
    openDaySpend,
    firstDaySpend: history.purchaseCount === 1 ? openDaySpend : history.firstDaySpend,
  };
}

function countWeekday(counts: readonly number[], day: number): number[] {
  // 1970-01-01 was a Thursday; the second remainder is for days before it.
  const monday = (((day + 3) % 7) + 7) % 7;
  return counts.map((count, index) => (index === monday ? count + 1 : count));
}

/** Repeat purchase days: all minus the first. */
export function frequencyOf(history: PurchaseHistory): number {
  return history.purchaseCount - 1;
}

/** Coefficient of variation of the gaps (standard deviation with n-1, over the mean); undefined below two gaps. */
export function gapVariationOf(history: PurchaseHistory): number | undefined {
  const n = frequencyOf(history);
  if (n < 2) return undefined;
  const sum = history.lastDay - history.firstDay;
  // n * sum of squares - square of the sum is an exact integer: clockwork gives 0, not a rounding error.
  const scaledVariance = n * history.sumGapSq - sum * sum;
  return Math.sqrt(Math.max(0, scaledVariance) / (n * (n - 1))) / (sum / n);
}

/** Sum and number of the purchase days with positive spend, the first one included. */
export function spendOf(history: PurchaseHistory): { sumMinor: number; days: number } {
  const singles =
    history.purchaseCount > 1
      ? [history.firstDaySpend, history.openDaySpend]
      : [history.openDaySpend];
  const paid = singles.filter((spend) => spend > 0);
  return {
    sumMinor: paid.reduce((sum, spend) => sum + spend, history.sumSpend),
    days: history.nSpend + paid.length,
  };
}
