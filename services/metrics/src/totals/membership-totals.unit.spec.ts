import { describe, expect, it } from '@jest/globals';
import { addDays } from '@regulars/kernel';
import fc from 'fast-check';
import {
  segmentSeries,
  unknownCustomer,
  type CustomerHistory,
} from '../ledger/customer-history.js';
import { sizesAt } from '../reports/segment-reports.dto.js';
import { addMemberships, type MembershipSeries } from './membership-totals.js';
import { Tally } from './tally.js';

function sizesOn(days: readonly string[], history: CustomerHistory) {
  const memberships = new Tally();
  addMemberships({ memberships }, history);
  const deltas = memberships
    .entries()
    .map(({ key: [day = '', series], counters: [delta = 0] }) => ({
      day,
      series: series as MembershipSeries,
      delta,
    }));
  return sizesAt(days, deltas);
}

/** The same by plain reading: which event held on a day? */
function standsOn(day: string, { segments, erasedDay }: CustomerHistory) {
  if (erasedDay !== null && erasedDay <= day) return undefined;
  return segments.filter((event) => event.day <= day).sort((a, b) => b.sequence - a.sequence)[0]
    ?.series;
}

describe('membership totals', () => {
  it('count as churned who was regular a year before and is lapsed', () => {
    const segments = [
      { epoch: 1, sequence: 1, day: '2025-03-01', series: 'regular', cause: 'purchase' },
      { epoch: 1, sequence: 2, day: '2025-09-01', series: 'lapsed', cause: 'time' },
    ] as const;
    const days = ['2026-02-28', '2026-03-01', '2026-08-31', '2026-09-01'];
    const sizes = sizesOn(days, { ...unknownCustomer('c'), segments });
    expect(sizes.map((size) => [size.get('churn-base') ?? 0, size.get('churned') ?? 0])).toEqual([
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ]);
  });

  it('agree with reading the history day by day, leap years included', () => {
    const first = '2023-12-01';
    const anEvent = fc.record({
      offset: fc.integer({ min: 0, max: 900 }),
      series: fc.constantFrom(...segmentSeries),
    });
    fc.assert(
      fc.property(
        fc.array(anEvent, { maxLength: 8 }),
        fc.option(fc.integer({ min: 0, max: 900 })),
        (events, erased) => {
          const history: CustomerHistory = {
            ...unknownCustomer('c'),
            erasedDay: erased === null ? null : addDays(first, erased),
            segments: events.map(({ offset, series }, index) => ({
              epoch: 1,
              sequence: index,
              day: addDays(first, offset),
              series,
              cause: 'purchase',
            })),
          };
          const days = Array.from({ length: 200 }, (_, index) => addDays(first, 300 + index * 4));
          const sizes = sizesOn(days, history);
          const read = days.map((day) => {
            const here = standsOn(day, history);
            const before = here && standsOn(aYearBefore(day), { ...history, erasedDay: null });
            const inBase = before === 'regular' || before === 'periodic';
            const series: (string | undefined)[] = [here];
            if (inBase) series.push('churn-base');
            if (inBase && here === 'lapsed') series.push('churned');
            return series.filter((one) => one !== undefined).sort();
          });
          const counted = sizes.map((size) =>
            [...size]
              .flatMap(([series, customers]) => Array<string>(customers).fill(series))
              .sort(),
          );
          expect(counted).toEqual(read);
        },
      ),
      { numRuns: 100 },
    );
  });
});

function aYearBefore(day: string): string {
  const year = String(Number(day.slice(0, 4)) - 1);
  return day.endsWith('-02-29') ? `${year}-02-28` : `${year}${day.slice(4)}`;
}
