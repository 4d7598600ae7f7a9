import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openShop, runCampaign, touchLines, type Shop } from '../campaigns.kit.spec.js';
import { aBuyer, aConsent, aForecast } from '../events.kit.spec.js';

describe('an enrolment whose last open touch is skipped', () => {
  let shop: Shop;
  beforeEach(async () => {
    shop = await openShop({ now: '2026-01-10T12:00:00Z' });
    await runCampaign(shop, {
      ladder: [-3, -2, -1].map((day) => ({ day, directness: 'reminder' })),
    });
  });
  afterEach(() => shop.close());

  const ends = () =>
    shop.db.dataSource.query<unknown[]>('select state, end_reason as reason from enrolments');

  it('is ended with it when a consent is withdrawn', async () => {
    const { customerId, events } = aBuyer('2026-01-10');
    await shop.receive(events);

    await shop.receive([aConsent(customerId, 'withdrawn')]);

    expect(touchLines(await shop.told()).slice(3)).toEqual(
      [1, 2, 3].map((step) => `TouchSkipped ${String(step)} no-consent`),
    );
    expect(await ends()).toEqual([{ state: 'ended', reason: 'completed' }]);
  });

  it('is ended with it when the due day moves to today, behind all its steps', async () => {
    const { events, purchase } = aBuyer('2026-01-10');
    await shop.receive(events);

    await shop.receive([aForecast(purchase, { cause: 'refit', dueDay: '2026-01-10' })]);

    expect(touchLines(await shop.told()).slice(3)).toEqual(
      [1, 2, 3].map((step) => `TouchSkipped ${String(step)} day-passed`),
    );
    expect(await ends()).toEqual([{ state: 'ended', reason: 'completed' }]);
  });
});
