import type { CustomerStatistics } from '../statistics/customer-statistics.js';

// Bound once: these run by the million, and a look-up of the global each time is slow in sandboxes such as test runners.
const { log } = Math;

/** What a fit reads: equal customers as one row with a weight. Columns, in time units. */
export interface FitRows {
  readonly size: number;
  /** Customers behind the rows. */
  readonly customers: number;
  readonly weight: Float64Array;
  readonly x: Uint32Array;
  readonly tx: Float64Array;
  readonly T: Float64Array;
  readonly litt: Float64Array;
}

/** More purchase days than this per day of relation are a till or a reseller: scored, but no model of people. */
const DAILY = 0.8;

/**
 * Rows for a fit. With `gaps` customers are equal only if their sums of ln(gap) are, as models of regularity need; else
 * those sums don't count.
 * @param weights of the customers of a sample; all 1 without
 */
export function compress(
  statistics: CustomerStatistics,
  { unitDays, gaps, weights }: { unitDays: number; gaps: boolean; weights?: Float64Array },
): FitRows {
  const groups = new Map<string, number>();
  const rows: { x: number; tx: number; T: number; litt: number; weight: number }[] = [];
  const lnUnit = log(unitDays);
  let customers = 0;
  for (let i = 0; i < statistics.size; i++) {
    const weight = weights ? (weights[i] ?? 0) : 1;
    if (weight === 0) continue;
    const x = (statistics.purchaseDays[i] ?? 0) - 1;
    const first = statistics.firstDay[i] ?? 0;
    const tx = (statistics.lastDay[i] ?? 0) - first;
    const T = (statistics.asOfDay[i] ?? 0) - first;
    if (x > 20 && x > DAILY * tx) continue;
    customers += weight;
    const sumLnGap = gaps ? (statistics.sumLnGap[i] ?? 0) : 0;
    const key = `${x} ${tx} ${T} ${sumLnGap.toFixed(9)}`;
    const known = groups.get(key);
    if (known !== undefined) {
      const row = rows[known];
      if (row) row.weight += weight;
      continue;
    }
    groups.set(key, rows.length);
    const litt = gaps ? sumLnGap - x * lnUnit : 0;
    rows.push({ x, tx: tx / unitDays, T: T / unitDays, litt, weight });
  }
  // Sorted by value, so that sums do not depend on the order of customers.
  rows.sort((p, q) => p.x - q.x || p.tx - q.tx || p.T - q.T || p.litt - q.litt);
  return {
    size: rows.length,
    customers,
    weight: Float64Array.from(rows, (row) => row.weight),
    x: Uint32Array.from(rows, (row) => row.x),
    tx: Float64Array.from(rows, (row) => row.tx),
    T: Float64Array.from(rows, (row) => row.T),
    litt: Float64Array.from(rows, (row) => row.litt),
  };
}
