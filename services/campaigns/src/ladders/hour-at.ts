import { instantAt, type Day } from '@regulars/kernel';

const mostKnown = 20_000;
const known = new Map<string, number>();

/**
 * The instant of a local hour. Zone arithmetic is the dearest part of planning, and a batch asks for the same days
 * again and again: answers are remembered.
 */
export function hourAt(day: Day, hour: number, timeZone: string): Date {
  const name = `${day} ${String(hour)} ${timeZone}`;
  let ms = known.get(name);
  if (ms === undefined) {
    ms = instantAt(day, hour * 60, timeZone).getTime();
    if (known.size >= mostKnown) known.clear();
    known.set(name, ms);
  }
  return new Date(ms);
}
