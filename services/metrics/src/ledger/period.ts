import { addDays, fromEpochDay, toEpochDay, type Day } from '@regulars/kernel';

/** What reports are grouped by. Weeks are ISO weeks: they start on Monday. */
export const periods = ['day', 'week', 'month'] as const;
export type Period = (typeof periods)[number];

/** The first day of the period that holds `day`. */
export function periodStart(period: Period, day: Day): Day {
  if (period === 'day') return day;
  if (period === 'month') return `${day.slice(0, 7)}-01`;
  const epochDay = toEpochDay(day);
  // 1970-01-01 was a Thursday, three days after a Monday.
  return fromEpochDay(epochDay - ((((epochDay + 3) % 7) + 7) % 7));
}

/** The first day of the period after the one that starts on `start`. */
export function nextPeriodStart(period: Period, start: Day): Day {
  if (period === 'day') return addDays(start, 1);
  if (period === 'week') return addDays(start, 7);
  return periodStart('month', addDays(start, 31));
}

/**
 * The first day whose "a year before" is `day` or later; with it "E minus a year >= day" becomes "E >= yearAfter(day)".
 * A year before 29 February is 28 February.
 */
export function yearAfter(day: Day): Day {
  const year = String(Number(day.slice(0, 4)) + 1).padStart(4, '0');
  return day.endsWith('-02-29') ? `${year}-03-01` : `${year}${day.slice(4)}`;
}
