import { daysBetween, type Day } from '@regulars/kernel';

export interface Population {
  readonly customers: number;
  readonly purchaseDays: number;
}

const GROWTH = 1.2;
const STALE_DAYS = 30;

/** Whether a new fit would see enough that the one in force has not: a fifth more, or anything more after a month. */
export function dataHaveGrown(
  now: Population,
  fitted: (Population & { readonly fittedAsOf: Day }) | undefined,
  today: Day,
): boolean {
  if (now.customers === 0) return false;
  if (!fitted) return true;
  if (now.customers >= GROWTH * fitted.customers) return true;
  if (now.purchaseDays >= GROWTH * fitted.purchaseDays) return true;
  const stale = daysBetween(fitted.fittedAsOf, today) >= STALE_DAYS;
  return stale && now.purchaseDays > fitted.purchaseDays;
}
