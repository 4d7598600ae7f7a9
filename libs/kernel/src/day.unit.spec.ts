import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, dayOf, daysBetween, fromEpochDay, instantAt, isDay } from './day.js';

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

describe('a text', () => {
  it('is a day when the calendar has it', () => {
    const two = fc.integer({ min: 0, max: 35 }).map((n) => String(n).padStart(2, '0'));
    fc.assert(
      fc.property(fc.integer({ min: 1_896, max: 2_104 }), two, two, (year, month, ofMonth) => {
        const text = `${String(year)}-${month}-${ofMonth}`;
        const has =
          month >= '01' &&
          month <= '12' &&
          ofMonth >= '01' &&
          Number(ofMonth) <= daysIn(year, Number(month));
        expect(isDay(text)).toBe(has);
      }),
      {
        examples: [
          [2_026, '02', '29'],
          [2_024, '02', '29'],
          [1_900, '02', '29'],
          [2_026, '04', '31'],
        ],
      },
    );
    expect(['', '2026-1-01', ' 2026-01-01', '2026-01-01T00:00'].map(isDay)).not.toContain(true);
  });
});

function daysIn(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}

describe('the local day of an instant', () => {
  // Clocks that go back at one minute past midnight, half an hour, forty-four and a half minutes; a day that was left out.
  const odd = ['America/St_Johns', 'Australia/Lord_Howe', 'Africa/Monrovia', 'Pacific/Apia'];
  const zones = fc.constantFrom(
    ...odd,
    'UTC',
    'Europe/Berlin',
    'America/Sao_Paulo',
    'Asia/Kathmandu',
  );
  const since1970 = fc.integer({ min: 0, max: Date.UTC(2_037, 0) });

  it('is what the calendar of the zone says', () => {
    fc.assert(
      fc.property(since1970, zones, (ms, timeZone) => {
        expect(dayOf(new Date(ms), timeZone)).toBe(saidBy(ms, timeZone));
      }),
      {
        numRuns: 1_000,
        examples: [
          [Date.parse('2006-10-29T02:30:30Z'), 'America/St_Johns'],
          [Date.parse('1971-06-01T00:44:15Z'), 'Africa/Monrovia'],
          [Date.parse('2011-12-30T10:00:00Z'), 'Pacific/Apia'],
        ],
      },
    );
  });

  it('is so in every minute of a day on which clocks change', () => {
    for (const [day, timeZone] of [
      ['2006-10-29', 'America/St_Johns'],
      ['2026-03-29', 'Europe/Berlin'],
      ['2018-02-18', 'America/Sao_Paulo'],
    ] as const) {
      const start = Date.parse(`${day}T00:00:00Z`) - 43_200_000;
      for (let ms = start; ms < start + 172_800_000; ms += 60_000)
        expect(dayOf(new Date(ms), timeZone)).toBe(saidBy(ms, timeZone));
    }
  });

  const formats = new Map<string, Intl.DateTimeFormat>();
  function saidBy(ms: number, timeZone: string): string {
    const parts = { year: 'numeric', month: '2-digit', day: '2-digit', timeZone } as const;
    const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', parts);
    formats.set(timeZone, format);
    return format.format(ms);
  }
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
