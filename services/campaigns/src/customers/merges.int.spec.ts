import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@regulars/kernel';
import { openShop, runCampaign, touchesOf, touchLines, type Shop } from '../campaigns.kit.spec.js';
import { aBuyer, merged } from '../events.kit.spec.js';

describe('a customer that is merged into another', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop({ now: '2026-01-10T12:00:00Z' });
    await runCampaign(shop);
  });
  afterAll(() => shop.close());

  it('is no longer merged once that is taken back, also when the old merge is redriven', async () => {
    const { customerId, events } = aBuyer('2026-01-10');
    const merge = merged(customerId, newId());
    await shop.receive([...events, merge, merged(customerId, null)]);
    await shop.told();

    await shop.receive([merge], true);

    const rows = await shop.db.dataSource.query<unknown[]>(
      'select merged_into as "mergedInto" from customers where id = $1',
      [customerId],
    );
    expect(rows).toEqual([{ mergedInto: null }]);
    expect(touchLines(await shop.told())).toEqual([]);
  });

  it('answers nothing of its own any more; what comes back on a touch that had left still counts', async () => {
    const { customerId, events } = aBuyer('2026-01-10');
    await shop.receive(events);
    await shop.until('2026-03-27T12:00:00Z');
    await shop.receive([merged(customerId, newId())]);

    expect(await shop.post('/v1/touches/answers', { customerId, answer: 'bought' })).toMatchObject({
      status: 404,
    });
    const [first] = await touchesOf(shop, customerId);
    expect(
      await shop.post(`/v1/touches/${first?.id ?? ''}/answers`, { answer: 'stop' }),
    ).toMatchObject({ status: 200, body: { state: 'answered', answer: 'stop' } });
  });
});
