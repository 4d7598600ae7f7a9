import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openShop, type Shop } from '../campaigns.kit.spec.js';
import { aBuyer, aPurchase } from '../events.kit.spec.js';

describe('a yes a week later', () => {
  let shop: Shop;
  beforeEach(async () => {
    // Half past midnight on the 11th in Berlin, where the company is.
    shop = await openShop({ now: '2026-03-10T23:30:00Z' });
  });
  afterEach(() => shop.close());

  const openTasks = async (customerId: string) => {
    const { body } = await shop.get(`/v1/tasks?customerId=${customerId}`);
    return (body['data'] as { attempt: number }[]).map(({ attempt }) => attempt);
  };
  const sayYes = async (boughtOn: string) => {
    const { customerId, events } = aBuyer(boughtOn);
    await shop.receive(events);
    await shop.post('/v1/touches/answers', { customerId, answer: 'yes' });
    return customerId;
  };

  it('is taken up again where the last purchase was on the day before, as the company counts days', async () => {
    const customerId = await sayYes('2026-03-10');

    await shop.until('2026-03-18T12:00:00Z');

    expect(await openTasks(customerId)).toEqual([1, 2]);
  });

  it('is settled by a purchase of the same day', async () => {
    const customerId = await sayYes('2026-02-10');
    await shop.receive([aPurchase(customerId, '2026-03-11')]);

    await shop.until('2026-03-18T12:00:00Z');

    expect(await openTasks(customerId)).toEqual([]);
  });
});
