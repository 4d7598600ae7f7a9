import type { PurchaseHistories } from '../statistics/index.js';
import { monotoneCurve } from './monotone-curve.js';
import type { ForecasterReport, WeekReport } from './report.js';

const WEEK = 7;

/**
 * Purchase days of the customers known at the origin by week, actual against expected. Expected weeks are read off a curve
 * through the counts of the horizons: the total of many customers bends gently.
 */
export function weeksAfter(
  histories: PurchaseHistories,
  originDay: number,
  days: number,
  forecasters: readonly ForecasterReport[],
): WeekReport[] {
  const weeks = Math.floor(days / WEEK);
  const actual = actualWeeks(histories, originDay, weeks);
  const curves = forecasters.flatMap(({ name, horizons }) => {
    const counts = horizons.flatMap(({ horizonDays, count }) =>
      count ? [{ x: horizonDays, y: count.predicted }] : [],
    );
    return counts.length === 0 ? [] : [{ name, curve: monotoneCurve([{ x: 0, y: 0 }, ...counts]) }];
  });
  return Array.from(actual, (purchases, i) => ({
    week: i + 1,
    actual: purchases,
    expected: Object.fromEntries(
      curves.map(({ name, curve }) => [name, curve(WEEK * (i + 1)) - curve(WEEK * i)]),
    ),
  }));
}

function actualWeeks(
  { size, offsets, days }: PurchaseHistories,
  originDay: number,
  weeks: number,
): Uint32Array {
  const counts = new Uint32Array(weeks);
  for (let customer = 0; customer < size; customer++) {
    const start = offsets[customer] ?? 0;
    const end = offsets[customer + 1] ?? 0;
    if (start === end || (days[start] ?? 0) > originDay) continue;
    for (let at = start + 1; at < end; at++) {
      const week = Math.floor(((days[at] ?? 0) - originDay - 1) / WEEK);
      if (week >= 0 && week < weeks) counts[week] = (counts[week] ?? 0) + 1;
    }
  }
  return counts;
}
