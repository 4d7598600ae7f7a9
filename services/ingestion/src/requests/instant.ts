import { isDay } from '@regulars/kernel';
import type { Impossibilities } from './refusal.js';

/** Clocks of tills are not ours; what is further ahead is a mistake. */
export const toleranceMs = 15 * 60_000;

/** The instant, or undefined where the calendar has none: 30 February (JavaScript would make it 2 March), hour 25, second 60. */
export function instantOf(text: string): Date | undefined {
  if (!isDay(text.slice(0, 10))) return undefined;
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

/** Of something that has happened; undefined when left out or when it cannot be. */
export function instantNotAhead(
  text: string | undefined,
  pointer: string,
  now: Date,
  problems: Impossibilities,
): Date | undefined {
  if (text === undefined) return undefined;
  const instant = instantOf(text);
  if (instant === undefined || instant.getTime() < 0) {
    problems.add('impossible-time', pointer, 'The calendar has no such time since 1970.');
  } else if (instant.getTime() > now.getTime() + toleranceMs) {
    problems.add('time-in-future', pointer, 'This lies more than 15 minutes ahead of our clock.');
  }
  return instant;
}
