import { describe, expect, it } from '@jest/globals';
import { minutesOfDay } from '@regulars/kernel';
import fc from 'fast-check';
import { isQuiet, nextFree, parseQuietHours } from './quiet-hours.js';

const night = { from: 21 * 60, to: 9 * 60 };
const at = (text: string) => new Date(text);

describe('nextFree', () => {
  it.each([
    ['at noon is now', '2026-05-05T12:00+02:00', '2026-05-05T12:00+02:00'],
    ['at nine sharp is now', '2026-05-05T09:00+02:00', '2026-05-05T09:00+02:00'],
    [
      'at nine in the evening is the next morning',
      '2026-05-05T21:00+02:00',
      '2026-05-06T09:00+02:00',
    ],
    ['after midnight is the same morning', '2026-05-06T00:30+02:00', '2026-05-06T09:00+02:00'],
    // 02:00-03:00 does not exist that night.
    ['spans the night when clocks go forward', '2026-03-29T01:30+01:00', '2026-03-29T09:00+02:00'],
    // 02:00-03:00 comes twice that night.
    ['spans the night when clocks go back', '2026-10-25T01:30+02:00', '2026-10-25T09:00+01:00'],
  ])('%s', (_, now, free) => {
    expect(nextFree(night, at(now), 'Europe/Berlin')).toEqual(at(free));
  });

  it('ends at the next time that exists when the end is skipped', () => {
    const early = { from: 22 * 60, to: 2 * 60 + 30 };

    expect(nextFree(early, at('2026-03-29T00:00+01:00'), 'Europe/Berlin')).toEqual(
      at('2026-03-29T03:30+02:00'),
    );
  });

  it('does not go back to the first of two ends in the night when clocks go back', () => {
    const early = { from: 22 * 60, to: 2 * 60 + 30 };
    const secondPass = at('2026-10-25T02:10+01:00');

    expect(nextFree(early, secondPass, 'Europe/Berlin')).toEqual(at('2026-10-25T02:30+01:00'));
  });

  it('is a day later when all free time of a night is skipped', () => {
    // There clocks go from midnight to one.
    const nearlyAlways = { from: 30, to: 0 };

    expect(nextFree(nearlyAlways, at('2026-04-23T12:00+02:00'), 'Africa/Cairo')).toEqual(
      at('2026-04-25T00:00+03:00'),
    );
  });

  it('is always now where the two ends are equal', () => {
    expect(nextFree({ from: 600, to: 600 }, at('2026-05-05T08:00Z'), 'UTC')).toEqual(
      at('2026-05-05T08:00Z'),
    );
  });

  it('never lies behind or inside the quiet hours, in any zone over any DST change', () => {
    const zones = [
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
      'Africa/Cairo',
    ];
    fc.assert(
      fc.property(
        fc.date({
          min: at('2026-01-01T00:00Z'),
          max: at('2027-01-01T00:00Z'),
          noInvalidDate: true,
        }),
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: 0, max: 1439 }),
        (now, zone, from, to) => {
          const quiet = { from, to };
          const free = nextFree(quiet, now, zone);
          expect(free.getTime()).toBeGreaterThanOrEqual(now.getTime());
          expect(free.getTime() - now.getTime()).toBeLessThanOrEqual(longest(now, zone));
          expect(isQuiet(quiet, minutesOfDay(free, zone))).toBe(false);
        },
      ),
      {
        numRuns: 500,
        examples: [
          [at('2026-04-22T22:01Z'), 'Africa/Cairo', 1, 0],
          [at('2026-03-28T12:00Z'), 'Europe/Berlin', 195, 150],
        ],
      },
    );
  });

  /** A day, and one more where clocks change within it: the end of the quiet hours may be skipped. */
  function longest(now: Date, zone: string): number {
    const day = 24 * 3_600_000;
    const tomorrow = new Date(now.getTime() + day);
    return minutesOfDay(tomorrow, zone) === minutesOfDay(now, zone) ? day : 2 * day + 3_600_000;
  }
});

describe('parseQuietHours', () => {
  it('reads two times of day', () => {
    expect(parseQuietHours('21:00-09:30')).toEqual({ from: 1260, to: 570 });
  });

  it.each(['21-9', '24:00-09:00', '21:00', '', '21:60-09:00'])('refuses %j', (text) => {
    expect(parseQuietHours(text)).toBeUndefined();
  });
});
