import { addDays, dayOf, instantAt, minutesOfDay } from '@regulars/kernel';

/** Local minutes after midnight; from 21:00 to 09:00 wraps around midnight. Equal ends = no quiet hours. */
export interface QuietHours {
  readonly from: number;
  readonly to: number;
}

/** The first instant, from `now` on, at which the customer's own clock stands outside the quiet hours. */
export function nextFree(quiet: QuietHours, now: Date, timeZone: string): Date {
  const minutes = minutesOfDay(now, timeZone);
  if (!isQuiet(quiet, minutes)) return now;
  const today = dayOf(now, timeZone);
  const endDay = minutes < quiet.to ? today : addDays(today, 1);
  const end = instantAt(endDay, quiet.to, timeZone);
  // In the night when clocks go back the end comes twice, and the first of the two may be behind us.
  if (end.getTime() <= now.getTime())
    return new Date(now.getTime() + (quiet.to - minutes) * 60_000);
  // In the night when they go forward the free time may be skipped with its end, and it is quiet again after it.
  return isQuiet(quiet, minutesOfDay(end, timeZone)) ? nextFree(quiet, end, timeZone) : end;
}

export function isQuiet(quiet: QuietHours, minutes: number): boolean {
  if (quiet.from === quiet.to) return false;
  return quiet.from < quiet.to
    ? minutes >= quiet.from && minutes < quiet.to
    : minutes >= quiet.from || minutes < quiet.to;
}

const TIME = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/;

/** "21:00-09:00" to minutes; undefined when it is no such text. */
export function parseQuietHours(text: string): QuietHours | undefined {
  const match = TIME.exec(text);
  if (!match) return undefined;
  const [, h1 = '0', m1 = '0', h2 = '0', m2 = '0'] = match;
  return { from: Number(h1) * 60 + Number(m1), to: Number(h2) * 60 + Number(m2) };
}
