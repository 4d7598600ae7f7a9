import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@regulars/testing';
import { openShop, runCampaign, touchesOf, type Shop } from '../campaigns.kit.spec.js';
import { aBuyer } from '../events.kit.spec.js';
import { ReadingProgress } from './reading-progress.use-case.js';

/** Real: timers, Postgres. How far the service has read is told by the test; the clock stands still. */
describe('a touch that is due while the service still reads what was there at its start', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop({ now: '2026-01-10T12:00:00Z' });
    await runCampaign(shop, {
      trigger: { kind: 'purchase' },
      ladder: [0, 20, 40].map((day) => ({ day, directness: 'presence' })),
    });
  });
  afterAll(() => shop.close());

  it('is judged as soon as that is read, without time having to pass on the clock', async () => {
    const progress = shop.app.get(ReadingProgress, { strict: false });
    const looks = jest.spyOn(progress, 'isCatchingUp').mockReturnValue(true);
    jest.spyOn(progress, 'isBehind').mockImplementation(() => progress.isCatchingUp());
    const { customerId, events } = aBuyer('2026-01-10');
    await shop.receive(events);
    await eventually(() => looks.mock.calls.length > 1);
    expect((await touchesOf(shop, customerId))[0]).toMatchObject({ state: 'planned' });

    looks.mockReturnValue(false);

    await eventually(async () => {
      const [first] = await touchesOf(shop, customerId);
      expect(first).toMatchObject({ state: 'captured', history: [{}, {}] });
    });
    expect(shop.clock.now()).toEqual(new Date('2026-01-10T12:00:00Z'));
  });
});
