import { addDays, dayOf, instantAt } from '@regulars/kernel';

export const backlogRelease = 'backlog-release';
/** Before the hour of the steps, so that the first one leaves on the same day. */
const releaseHour = 9;

/** The next morning at which a backlog is released. */
export function nextRelease(now: Date, companyZone: string): Date {
  const today = dayOf(now, companyZone);
  const thisMorning = instantAt(today, releaseHour * 60, companyZone);
  return thisMorning > now
    ? thisMorning
    : instantAt(addDays(today, 1), releaseHour * 60, companyZone);
}
