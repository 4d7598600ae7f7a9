import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@regulars/testing';
import { openShop, runCampaign, touchesOf, type Shop } from '../campaigns.kit.spec.js';
import { aBuyer, aConsent } from '../events.kit.spec.js';
import { Dispatcher } from './dispatcher.use-case.js';
import { webhookSink, type WebhookSink } from './webhook-sink.kit.spec.js';

jest.setTimeout(60_000);

/** S24: an opt-out against the dispatch of the same customer's touch, both at full speed. */
describe('a stop against dispatch', () => {
  let sink: WebhookSink;
  let shop: Shop;
  beforeAll(async () => {
    sink = await webhookSink();
    shop = await openShop({ now: '2026-05-20T10:00:00Z', env: sink.env, live: true });
    await runCampaign(shop, {
      trigger: { kind: 'purchase' },
      ladder: [0, 40, 80].map((day) => ({ day, directness: 'presence', channel: 'webhook' })),
    });
  });
  afterAll(async () => {
    await shop.close();
    sink.close();
  });

  it('lets nothing be reserved after it, whichever comes first', async () => {
    const buyers = Array.from({ length: 40 }, () => aBuyer('2026-05-20'));
    await shop.receive(buyers.flatMap(({ events }) => events));
    const dispatcher = shop.app.get(Dispatcher, { strict: false });

    const passing = shop.until('2026-05-20T10:00:01Z');
    const optOuts = buyers.map(async ({ customerId }, index) =>
      index % 2 === 0
        ? shop.post('/v1/touches/answers', { customerId, answer: 'stop' })
        : shop.receive([aConsent(customerId, 'withdrawn', { channel: 'webhook' })]),
    );
    await Promise.all([passing, ...optOuts]);
    await eventually(() => dispatcher.idle(), { withinMs: 20_000 });

    const told = await shop.told();
    let skipped = 0;
    for (const [index, { customerId }] of buyers.entries()) {
      const own = told.filter(({ key }) => key === customerId);
      const lines = own.flatMap((event) =>
        event.stream === 'touch' && (event.type === 'TouchAnswered' || event.data.step === 1)
          ? [event.type]
          : [],
      );
      const sending = lines.indexOf('TouchSending');
      const stop = lines.indexOf('TouchAnswered');
      const skip = lines.indexOf('TouchSkipped');
      if (skip >= 0) skipped += 1;
      // Reserved before the opt-out and sent, or skipped with it: never both, never neither.
      expect([sending >= 0, skip >= 0]).not.toEqual([true, true]);
      expect(sending >= 0 || skip >= 0).toBe(true);
      if (index % 2 === 0 && sending >= 0) expect(sending).toBeLessThan(stop);
      const [touch] = (await touchesOf(shop, customerId)).filter(({ step }) => step === 1);
      expect(sink.received.filter((id) => id === touch?.id)).toHaveLength(sending >= 0 ? 1 : 0);
    }
    expect(skipped).toBeGreaterThan(0);
  });
});
