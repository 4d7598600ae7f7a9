import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from '@regulars/persistence';
import { eventually } from '@regulars/testing';
import { openShop, runCampaign, touchesOf, type Shop } from '../campaigns.kit.spec.js';
import { aBuyer, aConsent } from '../events.kit.spec.js';
import { Dispatcher } from './dispatcher.use-case.js';
import { webhookSink, type WebhookSink } from './webhook-sink.kit.spec.js';

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
    await eventually(() => dispatcher.idle());

    const told = await shop.told();
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
      // Reserved before the opt-out and sent, or skipped with it: never both, never neither.
      expect([sending >= 0, skip >= 0]).not.toEqual([true, true]);
      expect(sending >= 0 || skip >= 0).toBe(true);
      if (index % 2 === 0 && sending >= 0) expect(sending).toBeLessThan(stop);
      const [touch] = (await touchesOf(shop, customerId)).filter(({ step }) => step === 1);
      expect(sink.received.filter((id) => id === touch?.id)).toHaveLength(sending >= 0 ? 1 : 0);
    }
  });

  it('waits for the send that queued for the customer before it, and nothing is reserved after it', async () => {
    const { lines } = await inTheirOrder(async ({ holder, dispatch, stop }) => {
      await dispatch();
      const sender = await waiterFor(holder);
      stop();
      await waiterFor(sender);
    });

    expect(lines).toContain('TouchSending');
    expect(lines.indexOf('TouchSending')).toBeLessThan(lines.indexOf('TouchAnswered'));
  });

  it('lets a send that queues for the customer behind it reserve nothing', async () => {
    const { lines, received } = await inTheirOrder(async ({ holder, dispatch, stop }) => {
      stop();
      const stopping = await waiterFor(holder);
      await dispatch();
      await waiterFor(stopping);
    });

    expect(lines).toContain('TouchSkipped');
    expect(lines).not.toContain('TouchSending');
    expect(received).toEqual([]);
  });

  interface Contenders {
    /** The session that holds the customer's row, which is given to those who wait for it in their order. */
    readonly holder: number;
    dispatch(): Promise<void>;
    stop(): void;
  }

  /** Lets a send and a stop of the same customer queue up, and tells what became of the touch. */
  async function inTheirOrder(
    queue: (contenders: Contenders) => Promise<void>,
  ): Promise<{ lines: readonly string[]; received: readonly string[] }> {
    const { customerId, events } = aBuyer('2026-05-20');
    await shop.app.get(Dispatcher, { strict: false }).stop();
    await shop.receive(events);
    await shop.until(new Date(shop.clock.now().getTime() + 1_000).toISOString());
    const [touch] = (await touchesOf(shop, customerId)).filter(({ step }) => step === 1);
    const leaseUntil = (until: string) =>
      shop.db.query(sql`
        update touches set leased_until = ${until}::timestamptz where id = ${touch?.id ?? ''}`);
    // A dispatcher looks by itself every second: it finds the touch only when its turn has come.
    await leaseUntil('infinity');
    const other = await openShop({ now: '', env: sink.env, live: true, beside: shop });
    const dispatcher = other.app.get(Dispatcher, { strict: false });
    let answered: Promise<unknown> | undefined;
    await shop.db.withTransaction(async (tx) => {
      await tx.query(sql`select set_config('idle_in_transaction_session_timeout', '0', true)`);
      await tx.query(sql`select id from customers where id = ${customerId} for update`);
      const [own] = await tx.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
      await queue({
        holder: own?.pid ?? 0,
        dispatch: async () => {
          await leaseUntil('-infinity');
          dispatcher.wake();
        },
        stop: () => {
          answered = shop.post('/v1/touches/answers', { customerId, answer: 'stop' });
        },
      });
    });
    await answered;
    await eventually(() => dispatcher.idle());
    await other.close();
    const told = (await shop.told()).filter(({ key }) => key === customerId);
    return {
      lines: told.map(({ type }) => type),
      received: sink.received.filter((id) => id === touch?.id),
    };
  }

  /** The session that waits for this one. */
  function waiterFor(pid: number): Promise<number> {
    return eventually(async () => {
      const [waiter] = await shop.db.query<{ pid: number }>(sql`
        select pid from pg_stat_activity where ${pid}::int = any(pg_blocking_pids(pid))`);
      return waiter?.pid ?? false;
    });
  }
});
