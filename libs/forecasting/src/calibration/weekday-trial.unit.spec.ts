import { describe, expect, it } from '@jest/globals';
import { weekdaysPay, type WeekdayTrial } from './weekday-trial.js';

const times = (n: number, plain: number, snapped: number): WeekdayTrial[] =>
  Array.from({ length: n }, () => ({ plain, snapped }));

describe('weekdaysPay', () => {
  it('asks for clearly more hits within a week', () => {
    expect(weekdaysPay([...times(30, 9, 6), ...times(10, 6, 9)])).toBe(true);
    expect(weekdaysPay([...times(30, 9, 6), ...times(25, 6, 9)])).toBe(false);
    expect(weekdaysPay(times(4, 9, 6))).toBe(false);
    expect(weekdaysPay([])).toBe(false);
  });

  it('does not buy hits with days', () => {
    expect(weekdaysPay([...times(30, 9, 6), ...times(60, 10, 13)])).toBe(false);
  });
});
