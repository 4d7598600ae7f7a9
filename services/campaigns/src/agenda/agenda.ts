import type { CycleSegment } from '@regulars/contracts';
import { daysBetween, type Day } from '@regulars/kernel';
import type { WhoActs } from '../answers/answer.js';

/** One customer to think of now: facts as the store reads them. */
export interface AgendaRow {
  readonly customerId: string;
  readonly name: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly segment: CycleSegment | null;
  /** The agreed day, else the due day, else the reminder day. */
  readonly contactDay: Day | null;
  readonly dueDay: Day | null;
  readonly cycleDays: number | null;
  readonly basis: string | null;
  readonly lastPurchaseDay: Day | null;
  readonly agreedDay: Day | null;
  readonly agreedHour: number | null;
  readonly whoActs: WhoActs | null;
  readonly channel: string | null;
  readonly nextTouchAt: Date | null;
  readonly lastContactAt: Date | null;
  readonly lastContactChannel: string | null;
  readonly expectedSpendMinor: number | null;
  readonly currency: string | null;
  readonly stopped: boolean;
}

const actions: Readonly<Record<WhoActs, string>> = {
  'they-come': 'they come',
  'we-call': 'we call',
  'they-call': 'they call',
};

/** Why this customer is on the list, in words that somebody can say on the phone. Pure. */
export function whyNow(row: AgendaRow, today: Day): string {
  const reason = row.stopped ? 'asked not to be contacted' : dayReason(row, today);
  return row.lastPurchaseDay === null
    ? capital(reason)
    : `${capital(reason)}; last bought on ${row.lastPurchaseDay}`;
}

function dayReason(row: AgendaRow, today: Day): string {
  if (row.agreedDay !== null) {
    const at = row.agreedHour === null ? '' : ` at ${String(row.agreedHour)}:00`;
    const who = row.whoActs === null ? '' : `: ${actions[row.whoActs]}`;
    return `agreed for ${row.agreedDay}${at}${who}`;
  }
  if (row.contactDay === null) return 'no date can be given: keep in touch';
  const cycle =
    row.cycleDays === null ? '' : `buys about every ${days(Math.round(row.cycleDays))}, `;
  const what = row.dueDay === null ? `reminder day (${row.basis ?? 'no own data'})` : 'due';
  const ahead = daysBetween(today, row.contactDay);
  if (ahead > 0) return `${cycle}${what} on ${row.contactDay}, in ${days(ahead)}`;
  if (ahead === 0) return `${cycle}${what} today`;
  return `${cycle}${what} since ${row.contactDay}, overdue by ${days(-ahead)}`;
}

const days = (n: number): string => (n === 1 ? 'a day' : `${String(n)} days`);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
