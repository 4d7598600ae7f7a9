import { dayOf, instantAt, isDay, type Day } from '@regulars/kernel';
import { instantOf, toleranceMs } from '../requests/instant.js';
import type { Impossibilities } from '../requests/refusal.js';
import { canonicalZone } from '../requests/time-zone.js';

export interface PurchaseTimeFields {
  readonly purchasedAt?: string;
  readonly purchaseDay?: string;
  readonly timeZone?: string;
}

/** When it was bought. The day counts; it is fixed here for good. */
export interface PurchaseTime {
  readonly purchaseDay: Day;
  readonly purchasedAt: Date;
  readonly timeZone: string;
}

/** The time a body states, in its own zone or the given one; what cannot be is added to `problems`. */
export function purchaseTimeOf(
  fields: PurchaseTimeFields,
  context: { readonly zone: string; readonly now: Date },
  problems: Impossibilities,
): PurchaseTime | undefined {
  const timeZone = canonicalZone(fields.timeZone ?? context.zone);
  if (timeZone === undefined) {
    problems.add(
      'unknown-time-zone',
      '/timeZone',
      'Use an IANA time zone such as "Europe/Berlin".',
    );
    return undefined;
  }
  const time =
    fields.purchasedAt === undefined
      ? ofDay(fields.purchaseDay ?? '', timeZone)
      : ofInstant(fields.purchasedAt, timeZone);
  const pointer = fields.purchasedAt === undefined ? '/purchaseDay' : '/purchasedAt';
  if (time === undefined) {
    problems.add('impossible-time', pointer, 'The calendar has no such time.');
  } else if (time.purchasedAt.getTime() > context.now.getTime() + toleranceMs) {
    problems.add(
      'purchase-in-future',
      pointer,
      'A purchase may lie at most 15 minutes ahead of our clock. Check the clock and the time zone of the sender.',
    );
  } else if (time.purchaseDay < '1970-01-01') {
    problems.add('purchase-before-1970', pointer, 'Purchases count from 1970 on.');
  } else {
    return time;
  }
  return undefined;
}

function ofInstant(text: string, timeZone: string): PurchaseTime | undefined {
  const purchasedAt = instantOf(text);
  if (purchasedAt === undefined) return undefined;
  return { purchasedAt, timeZone, purchaseDay: dayOf(purchasedAt, timeZone) };
}

/** A day without a time is taken at its beginning, so that today's are not in the future. */
function ofDay(day: string, timeZone: string): PurchaseTime | undefined {
  if (!isDay(day)) return undefined;
  return { purchasedAt: instantAt(day, 0, timeZone), timeZone, purchaseDay: day };
}
