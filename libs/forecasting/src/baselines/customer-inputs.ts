import type { CustomerStatistics } from '../statistics/index.js';

/** What a regression reads of a customer: so many numbers. */
export interface Inputs {
  readonly width: number;
  readonly of: (statistics: CustomerStatistics, row: number) => readonly number[];
}

/** ln(1 + days of silence). */
export const recencyInputs: Inputs = {
  width: 1,
  of: (statistics, row) => [Math.log1p(elapsedDays(statistics, row))],
};

/** ln(1 + repeats), ln(1 + silence), ln(1 + age), ln(1 + mean spend of a paid day). */
export const rfmInputs: Inputs = {
  width: 4,
  of: (statistics, row) => [
    Math.log1p((statistics.purchaseDays[row] ?? 1) - 1),
    Math.log1p(elapsedDays(statistics, row)),
    Math.log1p((statistics.asOfDay[row] ?? 0) - (statistics.firstDay[row] ?? 0)),
    Math.log1p(meanSpend(statistics, row)),
  ],
};

/** The inputs of all customers, one row after the other. */
export function inputRows(inputs: Inputs, statistics: CustomerStatistics): Float64Array {
  const values = new Float64Array(statistics.size * inputs.width);
  for (let row = 0; row < statistics.size; row++) {
    values.set(inputs.of(statistics, row), row * inputs.width);
  }
  return values;
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
