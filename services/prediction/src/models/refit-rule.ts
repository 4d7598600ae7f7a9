import { addDays, type Day } from '@regulars/kernel';

export interface Population {
  readonly customers: number;
  readonly purchaseDays: number;
}

/** What the newest fit has seen, used or not. */
export interface FittedPopulation extends Population {
  readonly fittedAsOf: Day;
  /** Fits that have failed their gate since the last one that did not. */
  readonly failures: number;
}

/** Estimates narrow with the root of the data: less than half as much again hardly moves them, and a fit moves everybody. */
const GROWTH = 1.5;
const OLDEST_DAYS = 90;
/** What failed is likely to fail again on nearly the same purchases; but what is in force then is no good either. */
const GROWTH_AFTER_FAILURE = 1.25;
const LONGEST_WAIT_DAYS = 7;

/**
 * Whether a new fit would see enough that the newest one has not: half as much again, or anything more after a quarter
 * (what changes faster rings the drift alarm). After a fit that failed its gate: a quarter more, or anything more after
 * one, two, four days, then after a week each time.
 */
export function dataHaveGrown(
  now: Population,
  fitted: FittedPopulation | undefined,
  today: Day,
): boolean {
  if (now.customers === 0) return false;
  if (!fitted) return true;
  const isMore = now.purchaseDays > fitted.purchaseDays;
  if (today >= notBefore(fitted)) return isMore;
  const growth = fitted.failures > 0 ? GROWTH_AFTER_FAILURE : GROWTH;
  return (
    now.customers >= growth * fitted.customers || now.purchaseDays >= growth * fitted.purchaseDays
  );
}

/** The day from which any new purchase is reason enough for a fit. */
export function notBefore({ fittedAsOf, failures }: FittedPopulation): Day {
  const wait = failures === 0 ? OLDEST_DAYS : Math.min(LONGEST_WAIT_DAYS, 2 ** (failures - 1));
  return addDays(fittedAsOf, wait);
}
