import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openShop, runCampaign, touchLines, type Shop } from '../campaigns.kit.spec.js';
import { aBuyer, aForecast, aPurchase } from '../events.kit.spec.js';

describe('an order of a day with two, taken back after the ladder was walked', () => {
  let shop: Shop;
  beforeEach(async () => {
    shop = await openShop({ now: '2026-01-10T08:00:00Z' });
  });
  afterEach(() => shop.close());

  /** Both orders of 2026-01-10; the ladder hangs on the first, whose refund makes the second one the cycle. */
  async function walkAndRefund(walkedUntil: string): Promise<string[]> {
    const { customerId, events, purchase } = aBuyer('2026-01-10');
    const second = aPurchase(customerId, '2026-01-10');
    await shop.receive([...events, second]);
    await shop.receive([aForecast(second, { cycle: purchase.data.purchaseId })]);
    await shop.until(walkedUntil);
    const before = touchLines(await shop.told());
    expect(before.filter((line) => line.startsWith('TouchCaptured'))).toHaveLength(3);

    const refund = aPurchase(
      customerId,
      '2026-01-10',
      { ...purchase.data, revision: 2, refundedMinor: 2_000, fullyRefunded: true },
      'PurchaseRefunded',
    );
    await shop.receive([refund]);
    await shop.receive([
      aForecast(second, {
        basedOn: {
          lastPurchaseDay: '2026-01-10',
          purchaseCount: 1,
          epoch: refund.epoch,
          sequence: refund.sequence,
        },
      }),
    ]);
    await shop.until(walkedUntil.replace(/T.*/, 'T23:00:00Z'));
    return touchLines(await shop.told());
  }
  const ladder = (days: readonly number[]) =>
    days.map((day) => ({ day, directness: 'direct-offer' }));

  it('starts nothing anew after a purchase', async () => {
    await runCampaign(shop, { trigger: { kind: 'purchase' }, ladder: ladder([0, 1, 2]) });

    expect(await walkAndRefund('2026-01-12T12:00:00Z')).toEqual([]);
  });

  it('starts nothing anew around the due day', async () => {
    await runCampaign(shop, { ladder: ladder([-2, -1, 0]) });

    expect(await walkAndRefund('2026-04-10T12:00:00Z')).toEqual([]);
  });
});
