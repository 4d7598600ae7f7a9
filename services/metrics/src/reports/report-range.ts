import { addDays, err, ok, type Day, type Result } from '@regulars/kernel';
import { nextPeriodStart, periodStart, type Period } from '../ledger/period.js';

/** One row of a report: days `from` to `to`, both counted. */
export interface ReportPeriod {
  readonly label: string;
  readonly from: Day;
  readonly to: Day;
}

export interface ReportRange {
  readonly by: Period;
  readonly from: Day;
  readonly to: Day;
  readonly periods: readonly ReportPeriod[];
}

export interface RangeRequest {
  readonly by?: Period | undefined;
  readonly from?: Day | undefined;
  readonly to?: Day | undefined;
}

export type RangeRefusal = 'from-after-to' | 'range-too-long';

/** More rows than this are no report; ask for longer periods. */
export const mostPeriods = 400;
/** How many periods a report shows when nobody says from when. */
const defaultPeriods: Record<Period, number> = { day: 30, week: 13, month: 12 };

/**
 * The periods of a report, all of them, the empty ones too. `from` and `to` are widened to whole periods, but
 * nothing reaches beyond today.
 */
export function reportRange(
  { by = 'month', from, to }: RangeRequest,
  today: Day,
): Result<ReportRange, RangeRefusal> {
  const last = to !== undefined && to < today ? to : today;
  if (from !== undefined && from > last) return err('from-after-to');
  const first = periodStart(by, from ?? startBack(by, last));

  const periods: ReportPeriod[] = [];
  for (let start = first; start <= last; start = nextPeriodStart(by, start)) {
    if (periods.length === mostPeriods) return err('range-too-long');
    const end = addDays(nextPeriodStart(by, start), -1);
    periods.push({ label: labelOf(by, start), from: start, to: end < today ? end : today });
  }
  return ok({ by, from: first, to: periods.at(-1)?.to ?? last, periods });
}

function startBack(by: Period, last: Day): Day {
  let start = periodStart(by, last);
  for (let count = 1; count < defaultPeriods[by]; count += 1) {
    start = periodStart(by, addDays(start, -1));
  }
  return start;
}

/** "2026-03-29", "2026-W13", "2026-03". An ISO week belongs to the year of its Thursday. */
function labelOf(by: Period, start: Day): string {
  if (by === 'day') return start;
  if (by === 'month') return start.slice(0, 7);
  const thursday = addDays(start, 3);
  const year = thursday.slice(0, 4);
  const dayOfYear = (Date.parse(thursday) - Date.parse(`${year}-01-01`)) / 86_400_000;
  return `${year}-W${String(Math.floor(dayOfYear / 7) + 1).padStart(2, '0')}`;
}
