import type { CustomerStatistics } from '../statistics/index.js';

/** What a regression reads of a customer, one column per input. */
export type Inputs = (statistics: CustomerStatistics) => Float64Array[];

/** ln(1 + days of silence). */
export const recencyInputs: Inputs = (statistics) => [logElapsed(statistics)];

/** ln(1 + repeats), ln(1 + silence), ln(1 + age), ln(1 + mean spend of a paid day). */
export const rfmInputs: Inputs = (statistics) => [
  column(statistics, (i) => Math.log1p((statistics.purchaseDays[i] ?? 1) - 1)),
  logElapsed(statistics),
  column(statistics, (i) =>
    Math.log1p((statistics.asOfDay[i] ?? 0) - (statistics.firstDay[i] ?? 0)),
  ),
  column(statistics, (i) => Math.log1p(meanSpend(statistics, i))),
];

function logElapsed(statistics: CustomerStatistics): Float64Array {
  return column(statistics, (i) => Math.log1p(elapsedDays(statistics, i)));
}

export function elapsedDays(statistics: CustomerStatistics, row: number): number {
  return (statistics.asOfDay[row] ?? 0) - (statistics.lastDay[row] ?? 0);
}

/** In minor units, the first day included; 0 where nothing was ever paid. */
export function meanSpend(statistics: CustomerStatistics, row: number): number {
  const first = Math.max(statistics.firstDaySpend[row] ?? 0, 0);
  const days = (statistics.spendDays[row] ?? 0) + (first > 0 ? 1 : 0);
  return days === 0 ? 0 : ((statistics.sumSpend[row] ?? 0) + first) / days;
}

export function column(
  statistics: CustomerStatistics,
  value: (row: number) => number,
): Float64Array {
  return Float64Array.from({ length: statistics.size }, (_, row) => value(row));
}
