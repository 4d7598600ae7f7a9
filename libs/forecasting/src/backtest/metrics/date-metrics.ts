import { medianOf } from '../../baselines/median.js';
import type { DateScores } from '../../forecaster.js';

/** Errors of a predicted day among those who did buy within the follow-up; all in days. */
export interface DateMetrics {
  /** Customers judged: those who bought. */
  readonly customers: number;
  readonly mae: number;
  readonly medianError: number;
  /** Share of errors of at most 3, 7 and 14 days. */
  readonly within3: number;
  readonly within7: number;
  readonly within14: number;
  readonly window?: WindowMetrics;
}

export interface WindowMetrics {
  /** Share whose purchase fell into the window; nominal 0.8. */
  readonly coverage: number;
  readonly medianWidth: number;
  /** Mean loss of the window's ends and of the expected day as quantiles. */
  readonly pinball: { readonly p10: number; readonly p50: number; readonly p90: number };
}

/**
 * @param rows positions of the customers to judge; those who did not come back are left out
 * @param asOfDay and
 * @param daysToNext per row: the next purchase is `asOfDay + daysToNext`; 0 where none came
 */
export function dateMetrics(
  dates: DateScores,
  asOfDay: Int32Array,
  daysToNext: Uint32Array,
  rows: readonly number[],
): DateMetrics | undefined {
  const judged = rows.filter((row) => (daysToNext[row] ?? 0) > 0);
  const n = judged.length;
  if (n === 0) return undefined;
  const actual = (row: number): number => (asOfDay[row] ?? 0) + (daysToNext[row] ?? 0);
  const errors = Int32Array.from(judged, (row) =>
    Math.abs((dates.expectedDay[row] ?? 0) - actual(row)),
  );
  const within = (days: number): number => errors.filter((error) => error <= days).length / n;
  return {
    customers: n,
    mae: errors.reduce((sum, error) => sum + error, 0) / n,
    within3: within(3),
    within7: within(7),
    within14: within(14),
    medianError: medianOf(errors) ?? 0,
    ...windowOf(dates, judged, actual),
  };
}

function windowOf(
  { expectedDay, windowFrom, windowTo }: DateScores,
  judged: readonly number[],
  actual: (row: number) => number,
): { window?: WindowMetrics } {
  if (!windowFrom || !windowTo) return {};
  const n = judged.length;
  const widths = new Int32Array(n);
  let [covered, p10, p50, p90] = [0, 0, 0, 0];
  judged.forEach((row, i) => {
    const [from, to, day] = [windowFrom[row] ?? 0, windowTo[row] ?? 0, actual(row)];
    widths[i] = to - from;
    if (from <= day && day <= to) covered += 1;
    p10 += pinball(0.1, day, from);
    p50 += pinball(0.5, day, expectedDay[row] ?? 0);
    p90 += pinball(0.9, day, to);
  });
  return {
    window: {
      coverage: covered / n,
      medianWidth: medianOf(widths) ?? 0,
      pinball: { p10: p10 / n, p50: p50 / n, p90: p90 / n },
    },
  };
}

/** Loss of `quantile` as the level-`p` quantile where `actual` happened. */
export function pinball(p: number, actual: number, quantile: number): number {
  return Math.max(p * (actual - quantile), (p - 1) * (actual - quantile));
}
