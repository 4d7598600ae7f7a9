/**
 * Factors on the purchases of each week of the year (the first starts on 1 January, the last takes the rest), around 1;
 * empty where fewer than two full years are known.
 */
export type Season = readonly number[];

const WEEKS = 52;
const WEEK = 7;
const YEAR_DAYS = 365;
/** Weeks to either side of which the middle is measured, and those that are smoothed together. */
const TREND_REACH = 26;
const SMOOTHING_REACH = 2;
/** Without data: so many weeks of history, and so many purchases in a smoothed week, like any other week. */
const PSEUDO_WEEKS = 104;
const PSEUDO_PURCHASES = 50;

/** Each week against the year around it, so that growth and decline count for nothing. */
export function seasonOf({
  firstDay,
  counts,
}: {
  firstDay: number;
  counts: ArrayLike<number>;
}): Season {
  if (counts.length < 2 * YEAR_DAYS) return [];
  const weekly = weeksOf(counts);
  const came = new Float64Array(WEEKS);
  const even = new Float64Array(WEEKS);
  for (let w = TREND_REACH; w + TREND_REACH < weekly.length; w++) {
    const slot = weekOfYear(firstDay + WEEK * w + 3);
    came[slot] = (came[slot] ?? 0) + (weekly[w] ?? 0);
    even[slot] = (even[slot] ?? 0) + trendAt(weekly, w);
  }
  const own = weekly.length / (weekly.length + PSEUDO_WEEKS);
  const factors = Array.from({ length: WEEKS }, (_, slot) => {
    const [actual, expected] = [around(came, slot), around(even, slot)];
    const ratio = (actual + PSEUDO_PURCHASES) / (expected + PSEUDO_PURCHASES);
    return 1 + own * (ratio - 1);
  });
  const mean = factors.reduce((sum, factor) => sum + factor, 0) / WEEKS;
  return factors.map((factor) => factor / mean);
}

/** Mean factor of the days after `asOfDay`; 1 without a season. */
export function meanSeason(season: Season, asOfDay: number, horizonDays: number): number {
  if (season.length === 0) return 1;
  let sum = 0;
  for (let day = asOfDay + 1; day <= asOfDay + horizonDays; day++) {
    sum += season[weekOfYear(day)] ?? 1;
  }
  return sum / horizonDays;
}

function weekOfYear(day: number): number {
  const date = new Date(day * 86_400_000);
  const start = Date.UTC(date.getUTCFullYear(), 0, 1);
  return Math.min(WEEKS - 1, Math.floor((date.getTime() - start) / 86_400_000 / WEEK));
}

function weeksOf(counts: ArrayLike<number>): Float64Array {
  const weekly = new Float64Array(Math.floor(counts.length / WEEK));
  for (let i = 0; i < WEEK * weekly.length; i++) {
    const week = Math.floor(i / WEEK);
    weekly[week] = (weekly[week] ?? 0) + (counts[i] ?? 0);
  }
  return weekly;
}

/** A year's mean: 52 weeks, the outer two counting half. */
function trendAt(weekly: Float64Array, w: number): number {
  let sum = ((weekly[w - TREND_REACH] ?? 0) + (weekly[w + TREND_REACH] ?? 0)) / 2;
  for (let i = w - TREND_REACH + 1; i < w + TREND_REACH; i++) sum += weekly[i] ?? 0;
  return sum / (2 * TREND_REACH);
}

function around(values: Float64Array, slot: number): number {
  let sum = 0;
  for (let i = -SMOOTHING_REACH; i <= SMOOTHING_REACH; i++) {
    sum += values[(slot + i + WEEKS) % WEEKS] ?? 0;
  }
  return sum;
}
