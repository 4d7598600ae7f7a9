import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openShop, touchLines, type Shop } from '../campaigns.kit.spec.js';
import { aBuyer, aForecast, aPurchase } from '../events.kit.spec.js';

describe('the life of one enrolment', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop({ now: '2026-01-10T12:00:00Z' });
  });
  afterAll(() => shop.close());

  it('plans on the forecast, captures step by step, and ends with the purchase', async () => {
    const made = await shop.post('/v1/campaigns', {
      name: 'Due soon',
      audience: { segments: ['regular', 'periodic'] },
      trigger: { kind: 'due-day' },
    });
    expect(made).toMatchObject({ status: 201, body: { state: 'draft', version: 1 } });
    const id = String(made.body['id']);
    expect(await shop.post(`/v1/campaigns/${id}/start`)).toMatchObject({
      status: 200,
      body: { state: 'running' },
    });

    // Due on 2026-04-10, lead 14 days (15 % of 90).
    const { customerId, events, purchase } = aBuyer('2026-01-10');
    await shop.receive(events);
    expect(touchLines(await shop.told())).toEqual([
      'TouchPlanned 1 due-day',
      'TouchPlanned 2 due-day',
      'TouchPlanned 3 due-day',
      'TouchPlanned 4 due-day',
    ]);

    await shop.until('2026-04-09T00:00:00Z');
    expect(touchLines(await shop.told())).toEqual([
      'TouchCaptured 1 due-day',
      'TouchCaptured 2 due-day',
    ]);

    const next = aPurchase(customerId, '2026-04-09');
    await shop.receive([next]);
    expect(touchLines(await shop.told())).toEqual([
      'TouchSkipped 3 purchased',
      'TouchSkipped 4 purchased',
    ]);

    await shop.receive([aForecast(next)]);
    expect(touchLines(await shop.told())).toHaveLength(4);

    // Everything a second time changes nothing.
    const again = await shop.receive([...events, next]);
    expect(again.duplicate).toBe(6);
    expect(touchLines(await shop.told())).toEqual([]);
    expect(purchase.data.customerId).toBe(customerId);

    const story = await shop.get(`/v1/touches?customerId=${customerId}`);
    const data = story.body['data'] as { step: number; state: string; history: unknown[] }[];
    expect(data).toHaveLength(8);
    expect(data.at(-1)).toMatchObject({
      step: 1,
      state: 'captured',
      captured: { subject: expect.stringContaining('A word from') },
      history: [{ state: 'planned' }, { state: 'captured' }],
    });
  });
});
