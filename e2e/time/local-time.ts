/** Local time computed by Intl alone: the product computes its own, and the two are held against each other. */
export interface LocalTime {
  readonly day: string;
  /** After midnight, as the wall clock shows them. */
  readonly minutes: number;
}

const HOUR_MS = 3_600_000;
const formats = new Map<string, Intl.DateTimeFormat>();

export function localTime(at: Date, zone: string): LocalTime {
  const shown = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const of = (part: Intl.DateTimeFormatPartTypes) => shown.get(part) ?? '';
  return {
    day: `${of('year')}-${of('month')}-${of('day')}`,
    minutes: Number(of('hour')) * 60 + Number(of('minute')),
  };
}

/** When the clocks of a zone show this time; the first of two. A time that DST leaves out is an error of the test. */
export function instantOf(day: string, minutes: number, zone: string): Date {
  const shown = Date.parse(`${day}T00:00:00Z`) + minutes * 60_000;
  const candidates = [shown - 14 * HOUR_MS, shown + 14 * HOUR_MS]
    .map((near) => new Date(shown - offsetMs(new Date(near), zone)))
    .filter((at) => {
      const local = localTime(at, zone);
      return local.day === day && local.minutes === minutes;
    })
    .sort((a, b) => a.getTime() - b.getTime());
  const [first] = candidates;
  if (!first) throw new RangeError(`${zone} has no ${day} ${minutes} minutes after midnight.`);
  return first;
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 24 * HOUR_MS).toISOString().slice(0, 10);
}

function offsetMs(at: Date, zone: string): number {
  const { day, minutes } = localTime(at, zone);
  return Date.parse(`${day}T00:00:00Z`) + minutes * 60_000 - at.getTime();
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    formats.set(zone, format);
  }
  return format;
}
