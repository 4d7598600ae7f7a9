import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, daysBetween, fromEpochDay, instantAt, isDay } from './day.js';

const zone = fc.constantFrom('UTC', 'Pacific/Kiritimati', 'America/Los_Angeles', 'Europe/Berlin');
/** Every day that "YYYY-MM-DD" can say. */
const day = fc.integer({ min: -719_528, max: 2_932_896 }).map(fromEpochDay);

describe('days', () => {
  it('begin and end where four digits of a year do', () => {
    expect([fromEpochDay(-719_528), fromEpochDay(2_932_896)]).toEqual(['0000-01-01', '9999-12-31']);
  });

  it('are days after any shift, and stop at the first and the last', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -4_000_000, max: 4_000_000 }), (from, days) => {
        const to = addDays(from, days);
        expect(isDay(to)).toBe(true);
        if (to !== '0000-01-01' && to !== '9999-12-31') expect(daysBetween(from, to)).toBe(days);
      }),
      { examples: [['9999-12-31', 1]] },
    );
  });
});

describe('instants', () => {
  it('of every day and zone have a year of four digits, which is what is stored and sent', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 1_439 }), zone, (at, minutes, timeZone) => {
        expect(instantAt(at, minutes, timeZone).toISOString()).toMatch(/^\d{4}-/);
      }),
      {
        examples: [
          ['9999-12-31', 1_439, 'America/Los_Angeles'],
          ['0000-01-01', 0, 'Pacific/Kiritimati'],
        ],
      },
    );
  });
});
