import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sql } from '@regulars/persistence';
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

  it('waits for the send that queued for the customer before it, and nothing is reserved after it', async () => {
    const { customerId, events } = aBuyer('2026-05-20');
    await shop.app.get(Dispatcher, { strict: false }).stop();
    await shop.receive(events);
    await shop.until('2026-05-20T10:00:02Z');
    const other = await openShop({ now: '', env: sink.env, live: true, beside: shop });
    const dispatcher = other.app.get(Dispatcher, { strict: false });

    // The row is given to those who wait for it in their order: first the send, then the stop.
    const stopping = await shop.db.withTransaction(async (tx) => {
      await tx.query(sql`select id from customers where id = ${customerId} for update`);
      const [own] = await tx.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
      dispatcher.wake();
      const sender = await waiterFor(own?.pid ?? 0);
      const answered = shop.post('/v1/touches/answers', { customerId, answer: 'stop' });
      await waiterFor(sender);
      return { answered };
    });
    await stopping.answered;
    await eventually(() => dispatcher.idle(), { withinMs: 20_000 });
    await other.close();

    const told = (await shop.told()).filter(({ key }) => key === customerId);
    const lines = told.map(({ type }) => type);
    expect(lines).toContain('TouchSending');
    expect(lines.indexOf('TouchSending')).toBeLessThan(lines.indexOf('TouchAnswered'));
  });

  /** The session that waits for this one. */
  function waiterFor(pid: number): Promise<number> {
    return eventually(async () => {
      const [waiter] = await shop.db.query<{ pid: number }>(sql`
        select pid from pg_stat_activity where ${pid}::int = any(pg_blocking_pids(pid))`);
      return waiter?.pid ?? false;
    });
  }
});
