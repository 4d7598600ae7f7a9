import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Stream } from '@regulars/contracts';
import type { BatchHandler } from '@regulars/messaging';
import { crashConsumer } from '@regulars/testing/crash';
import { TimerClaimer } from '@regulars/timers';
import { openShop, runCampaign, type Shop } from './campaigns.kit.spec.js';
import { OnCustomerProfiles } from './customers/on-customer-profiles.js';
import { OnCustomers } from './customers/on-customers.js';
import { OnSegments } from './customers/on-segments.js';
import { aBuyer, aConsent, aPurchase, erased } from './events.kit.spec.js';
import { OnForecasts } from './forecasts/on-forecasts.js';
import { OnPurchases } from './purchases/on-purchases.js';

jest.setTimeout(300_000);

/** Real: Postgres, the service, batch processor, inbox, outbox, timers' rows. Nothing is sent. */
describe('campaigns, crashed at every effect of its consumer, ends with what it would have had', () => {
  let shop: Shop;
  beforeEach(async () => {
    shop = await openShop({ now: '2026-05-20T10:00:00Z' });
    // Its looks for due timers would come between, now here and now there.
    await shop.app.get(TimerClaimer, { strict: false }).stop();
    await runCampaign(shop);
  });
  afterEach(() => shop.close());

  function handlers(): Partial<Record<Stream, BatchHandler<never>>> {
    const get = (type: new (...args: never[]) => object) =>
      shop.app.get<BatchHandler<never>>(type, { strict: false });
    return {
      'customer-profile': get(OnCustomerProfiles),
      customer: get(OnCustomers),
      purchase: get(OnPurchases),
      forecast: get(OnForecasts),
      segment: get(OnSegments),
    };
  }

  it('of a plan, the purchase that ends it, an opt-out and an erasure', async () => {
    const [ann, ben] = [aBuyer('2026-05-10'), aBuyer('2026-05-12')];
    const streams = [...new Set(ann.events.map(({ stream }) => stream))];
    const batches = [
      ...streams.map((stream) =>
        [...ann.events, ...ben.events].filter((event) => event.stream === stream),
      ),
      [aPurchase(ann.customerId, '2026-05-19')],
      [aConsent(ann.customerId, 'withdrawn'), erased(ben.customerId)],
    ];

    const report = await crashConsumer({
      database: shop.db,
      group: 'campaigns',
      handlers,
      batches,
    });

    expect(report.differences).toEqual([]);
    expect(report.runs).toBeGreaterThan(60);
    expect(report.sound).toMatchObject({ touches: expect.arrayContaining([expect.anything()]) });
  });
});
