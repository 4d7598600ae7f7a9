import { describe, expect, it } from '@jest/globals';
import { nextPeriodStart, periodStart, yearAfter } from './period.js';

describe('periodStart', () => {
  it.each([
    ['day', '2026-03-29', '2026-03-29'],
    ['week', '2026-03-29', '2026-03-23'],
    ['week', '2026-03-30', '2026-03-30'],
    // 1 January 2027 is a Friday: its week began in the old year.
    ['week', '2027-01-01', '2026-12-28'],
    ['week', '1969-12-31', '1969-12-29'],
    ['month', '2026-03-29', '2026-03-01'],
  ] as const)('of a %s, on %s, is %s', (period, day, start) => {
    expect(periodStart(period, day)).toBe(start);
  });
});

describe('nextPeriodStart', () => {
  it.each([
    ['day', '2026-02-28', '2026-03-01'],
    ['week', '2026-03-23', '2026-03-30'],
    ['month', '2026-01-01', '2026-02-01'],
    ['month', '2026-12-01', '2027-01-01'],
  ] as const)('after the %s of %s is %s', (period, start, next) => {
    expect(nextPeriodStart(period, start)).toBe(next);
  });
});

describe('yearAfter', () => {
  it('keeps the date, but a leap day becomes the day after', () => {
    expect(yearAfter('2026-05-01')).toBe('2027-05-01');
    expect(yearAfter('2024-02-29')).toBe('2025-03-01');
  });
});
