import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextRoom } from './frequency-cap.js';

const cap = { touches: 3, days: 14 };
const day = 86_400_000;
const now = new Date('2026-05-20T11:00:00Z');
const ago = (days: number) => new Date(now.getTime() - days * day);

describe('nextRoom', () => {
  it('is now while there are fewer touches than the cap', () => {
    expect(nextRoom(cap, [ago(1), ago(2)], now)).toEqual(now);
  });

  it('is when the oldest of a full window leaves it', () => {
    expect(nextRoom(cap, [ago(1), ago(13), ago(5)], now)).toEqual(
      new Date(ago(13).getTime() + 14 * day),
    );
  });

  it('forgets touches that are a whole window old', () => {
    expect(nextRoom(cap, [ago(14), ago(5), ago(1)], now)).toEqual(now);
  });

  it('waits for as many to leave as are too many', () => {
    expect(nextRoom(cap, [ago(13), ago(12), ago(11), ago(10)], now)).toEqual(
      new Date(ago(12).getTime() + 14 * day),
    );
  });

  it('never lets more than the cap into any window, whatever is sent when there is room', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 60 * 24 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 20 }),
        (hours, touches, days) => {
          const rule = { touches, days };
          const sent: Date[] = [];
          for (const hour of hours.toSorted((a, b) => a - b)) {
            const moment = new Date(now.getTime() + hour * 3_600_000);
            if (nextRoom(rule, sent, moment).getTime() <= moment.getTime()) sent.push(moment);
          }
          for (const end of sent) {
            const inWindow = sent.filter(
              (at) => at <= end && at.getTime() > end.getTime() - days * day,
            );
            expect(inWindow.length).toBeLessThanOrEqual(touches);
          }
        },
      ),
    );
  });
});
