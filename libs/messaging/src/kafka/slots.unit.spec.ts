import { describe, expect, it } from '@jest/globals';
import { Slots } from './slots.js';

describe('Slots', () => {
  it('lets so many work at once, the others in order, and counts a slot given back twice once', async () => {
    const slots = new Slots(1);
    const order: string[] = [];
    const first = await slots.take();
    const second = slots.take().then((giveBack) => {
      order.push('second');
      return giveBack;
    });
    const third = slots.take().then((giveBack) => {
      order.push('third');
      return giveBack;
    });
    await Promise.resolve();
    expect(order).toEqual([]);

    first();
    first();
    const giveBackSecond = await second;
    expect(order).toEqual(['second']);
    giveBackSecond();
    await third;
    expect(order).toEqual(['second', 'third']);
  });
});
