import type { Channel, ConsentState, CycleSegment } from '@regulars/contracts';
import { daysBetween, type Day } from '@regulars/kernel';
import type { WhoActs } from '../answers/answer.js';
import { defaultPurpose } from '../campaigns/campaign-defaults.js';
import { allows } from '../customers/consent.js';

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
  readonly consents: readonly ConsentState[];
  /** A stop that the consent record does not show yet. */
  readonly stopStanding: boolean;
  readonly lastStopAt: Date | null;
}

/** Where a person reaches a customer: by a call or a message of their own. */
const contactChannels: readonly Channel[] = [
  'task',
  'email',
  'sms',
  'telegram',
  'whatsapp',
  'viber',
];

/** Whether any way is left to contact the customer. Pure. */
export function mayContact({
  consents,
  stopStanding,
  lastStopAt,
}: Pick<AgendaRow, 'consents' | 'stopStanding' | 'lastStopAt'>): boolean {
  if (stopStanding) return false;
  return contactChannels.some((channel) =>
    allows(consents, channel, defaultPurpose, lastStopAt ?? undefined),
  );
}

const actions: Readonly<Record<WhoActs, string>> = {
  'they-come': 'they come',
  'we-call': 'we call',
  'they-call': 'they call',
};

/** Why this customer is on the list, in words that somebody can say on the phone. Pure. */
export function whyNow(row: AgendaRow, today: Day): string {
  const reason = mayContact(row) ? dayReason(row, today) : 'asked not to be contacted';
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
