import { describe, expect, it } from '@jest/globals';
import { noteEnds, oldestUnreadMs, type Marks } from './unread-age.js';

const reading = (end: number, position: number, partition = 'purchase/0') => ({
  partition,
  end: BigInt(end),
  position: BigInt(position),
});
/** Looks at second 0, 1, 2, ...; answers the age after the last look. */
function ageAfter(...looks: ReturnType<typeof reading>[][]): number {
  let marks: Marks = new Map();
  looks.forEach((look, second) => {
    marks = noteEnds(marks, look, second === 0 ? -Infinity : (second - 1) * 1_000);
  });
  return oldestUnreadMs(marks, (looks.length - 1) * 1_000);
}

describe('the age of the oldest unread record', () => {
  it('is nothing when all is read', () => {
    expect(ageAfter([reading(7, 7)])).toBe(0);
  });

  it('is without bound for what was there before the first look', () => {
    expect(ageAfter([reading(7, 3)], [reading(7, 5)])).toBe(Infinity);
    expect(ageAfter([reading(7, 3)], [reading(7, 7)])).toBe(0);
  });

  it('grows from the last look that did not see it', () => {
    expect(ageAfter([reading(7, 7)], [reading(9, 7)], [reading(9, 7)], [reading(9, 8)])).toBe(
      3_000,
    );
  });

  it('stays small under steady traffic that is kept up with', () => {
    const looks = Array.from({ length: 30 }, (_, n) => [reading(10 * n, 10 * n - 5)]);

    expect(ageAfter([reading(0, 0)], ...looks)).toBeLessThanOrEqual(1_000);
  });

  it('is that of the worst partition', () => {
    const other = reading(4, 0, 'customer/3');
    expect(
      ageAfter(
        [reading(1, 1), reading(0, 0, 'customer/3')],
        [reading(1, 1), other],
        [reading(2, 1), other],
      ),
    ).toBe(2_000);
  });
});
