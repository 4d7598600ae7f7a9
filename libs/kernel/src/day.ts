import { Temporal } from 'temporal-polyfill';

/** A calendar day without a zone, "YYYY-MM-DD". Days compare and sort as text. */
export type Day = string;

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MS_PER_DAY = 86_400_000;

/** Whether the text is a day that exists ("2026-02-30" does not). */
export function isDay(text: string): boolean {
  if (existing.has(text)) return true;
  if (!DAY.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  // 30 February would be 2 March.
  if (new Date(ms).getUTCDate() !== Number(text.slice(8))) return false;
  if (existing.size >= MOST_KEPT) existing.clear();
  existing.add(text);
  return true;
}

/** Few days are named, and each of them often: what was found out about them is kept. */
const MOST_KEPT = 10_000;
const existing = new Set<Day>();
const written = new Map<number, Day>();

/** Days since 1970-01-01. */
export function toEpochDay(day: Day): number {
  return Math.floor(Date.parse(`${day}T00:00:00Z`) / MS_PER_DAY);
}

/** 0000-01-01 and 9999-12-31: the first and the last day that the text can say. */
const firstEpochDay = -719_528;
const lastEpochDay = 2_932_896;

/** The inverse of {@link toEpochDay}. */
export function fromEpochDay(epochDay: number): Day {
  let day = written.get(epochDay);
  if (day === undefined) {
    day = new Date(epochDay * MS_PER_DAY).toISOString().slice(0, 10);
    if (written.size >= MOST_KEPT) written.clear();
    written.set(epochDay, day);
  }
  return day;
}

/** Stops at the first and the last day that the text can say: a year of five digits would neither parse nor sort. */
export function addDays(day: Day, days: number): Day {
  return fromEpochDay(Math.min(lastEpochDay, Math.max(firstEpochDay, toEpochDay(day) + days)));
}

/** Calendar days from `from` to `to`; daylight saving cannot make 0.96 of a day of it. */
export function daysBetween(from: Day, to: Day): number {
  return toEpochDay(to) - toEpochDay(from);
}

/** The local day of an instant in an IANA zone. */
export function dayOf(instant: Date, timeZone: string): Day {
  const ms = instant.getTime();
  const offset = offsetOn(Math.floor(ms / MS_PER_DAY), timeZone) ?? offsetAt(ms, timeZone);
  return fromEpochDay(Math.floor((ms + offset) / MS_PER_DAY));
}

/** Finding an offset costs more than all else about an instant, and nearly all days have one. */
const offsets = new Map<string, number | undefined>();
const MOST_OFFSETS = 10_000;

/** How far the zone is ahead of UTC during a whole day of UTC, in milliseconds; undefined when it changes on that day. */
function offsetOn(epochDay: number, timeZone: string): number | undefined {
  const place = `${timeZone} ${String(epochDay)}`;
  if (offsets.has(place)) return offsets.get(place);
  const start = offsetAt(epochDay * MS_PER_DAY, timeZone);
  const same = start === offsetAt((epochDay + 1) * MS_PER_DAY, timeZone);
  if (offsets.size >= MOST_OFFSETS) offsets.clear();
  offsets.set(place, same ? start : undefined);
  return offsets.get(place);
}

function offsetAt(ms: number, timeZone: string): number {
  const zoned = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone);
  return zoned.offsetNanoseconds / 1e6;
}

/** Whether the name is an IANA zone (or "UTC") that this runtime knows. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/**
 * The instant at which a local wall clock shows `minutes` after midnight on `day`. A time that daylight
 * saving skips gives the next valid instant, a doubled one the first. On the
 * first and the last day there are, a zone may lie in the year before or after: the instant stops at theirs.
 */
export function instantAt(day: Day, minutes: number, timeZone: string): Date {
  const local = Temporal.PlainDate.from(day).toPlainDateTime(
    Temporal.PlainTime.from({ hour: Math.floor(minutes / 60), minute: minutes % 60 }),
  );
  const zoned = local.toZonedDateTime(timeZone, { disambiguation: 'compatible' });
  return new Date(
    Math.min(
      (lastEpochDay + 1) * MS_PER_DAY - 1,
      Math.max(firstEpochDay * MS_PER_DAY, zoned.epochMilliseconds),
    ),
  );
}

/** Minutes after local midnight that a wall clock in the zone shows at the instant. */
export function minutesOfDay(instant: Date, timeZone: string): number {
  const zoned = Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(
    timeZone,
  );
  return zoned.hour * 60 + zoned.minute;
}
