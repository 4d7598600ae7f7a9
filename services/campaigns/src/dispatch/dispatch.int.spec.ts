import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from '@regulars/persistence';
import { eventually } from '@regulars/testing';
import { openShop, runCampaign, touchesOf, touchLines, type Shop } from '../campaigns.kit.spec.js';
import { aBuyer, aPurchase } from '../events.kit.spec.js';
import { Dispatcher } from './dispatcher.use-case.js';
import { webhookSink, type WebhookSink } from './webhook-sink.kit.spec.js';

/** Thanks by webhook on the day of the purchase: its first step is due as soon as it arrives. */
const thanks = {
  name: 'Thanks',
  trigger: { kind: 'purchase' },
  ladder: [0, 40, 80].map((day) => ({ day, directness: 'presence', channel: 'webhook' })),
};

describe('dispatch on a live channel', () => {
  let sink: WebhookSink;
  let shop: Shop;
  const dispatcher = (of: Shop) => of.app.get(Dispatcher, { strict: false });
  const idle = (of: Shop) => eventually(() => dispatcher(of).idle());
  const buyers = (count: number) => Array.from({ length: count }, () => aBuyer('2026-05-20'));

  beforeEach(async () => {
    sink = await webhookSink();
    shop = await openShop({ now: '2026-05-20T10:00:00Z', env: sink.env, live: true });
    await runCampaign(shop, thanks);
  });
  afterEach(async () => {
    await shop.close();
    sink.close();
  });

  it('sends each touch once, with two dispatchers at work', async () => {
    const other = await openShop({ now: '', env: sink.env, live: true, beside: shop });
    try {
      await shop.receive(buyers(30).flatMap(({ events }) => events));
      await shop.until('2026-05-20T10:00:01Z');
      dispatcher(other).wake();
      await idle(shop);
      await idle(other);

      expect(sink.received).toHaveLength(30);
      expect(new Set(sink.received).size).toBe(30);
      const told = touchLines(await shop.told());
      expect(told.filter((line) => line.startsWith('TouchSending'))).toHaveLength(30);
      expect(told.filter((line) => line === 'TouchSent 1 accepted')).toHaveLength(30);
    } finally {
      await other.close();
    }
  });

  it('finishes a send that a stop finds under way, and begins no other', async () => {
    let release = (): void => undefined;
    sink.answer = (response) => {
      release = () => response.end('ok');
    };
    const [buyer] = buyers(1);
    await shop.receive(buyer?.events ?? []);
    await shop.until('2026-05-20T10:00:01Z');
    await eventually(() => sink.received.length === 1);

    const stopping = dispatcher(shop).stop();
    release();
    await stopping;

    expect(dispatcher(shop).inFlight()).toBe(0);
    const [touch] = await touchesOf(shop, buyer?.customerId ?? '');
    expect(touch).toMatchObject({ state: 'sent' });
  });

  it('reserves no more than it calls at once, and hands back at a stop what it leased beyond that', async () => {
    const open: (() => void)[] = [];
    sink.answer = (response) => open.push(() => response.end('ok'));
    const most = 16;
    await shop.receive(buyers(most + 10).flatMap(({ events }) => events));
    await shop.until('2026-05-20T10:00:01Z');
    await eventually(() => sink.received.length === most);
    const count = async (where: ReturnType<typeof sql>) => {
      const rows = await shop.db.query(sql`select id from touches where step = 1 and ${where}`);
      return rows.length;
    };
    const leased = sql`state = 'planned' and leased_until > clock_timestamp()`;
    expect(await count(sql`state = 'sending'`)).toBe(most);
    // They may have become ready one after the other.
    await eventually(async () => expect(await count(leased)).toBeGreaterThan(0));

    const stopping = dispatcher(shop).stop();
    for (const answer of open) answer();
    await stopping;

    expect(await count(sql`state = 'sent'`)).toBe(most);
    expect(await count(leased)).toBe(0);
    expect(sink.received).toHaveLength(most);
  });

  it('records those that are answered while one of the same batch still waits', async () => {
    let release = (): void => undefined;
    sink.answer = (response) => {
      if (sink.received.length > 1) response.end('ok');
      else release = () => response.end('ok');
    };
    await shop.receive(buyers(6).flatMap(({ events }) => events));
    await shop.until('2026-05-20T10:00:01Z');
    const states = async () => {
      const rows = await shop.db.query<{ state: string }>(
        sql`select state from touches where step = 1 order by state`,
      );
      return rows.map(({ state }) => state);
    };
    const waiting = ['sending', ...Array.from({ length: 5 }, () => 'sent')];
    await eventually(async () => {
      expect(await states()).toEqual(waiting);
    });

    release();
    await idle(shop);

    expect(await states()).toEqual(Array.from({ length: 6 }, () => 'sent'));
    expect(sink.received).toHaveLength(6);
  });

  it('tries a certain refusal again later, as the same message', async () => {
    sink.answer = (response) => response.writeHead(429).end();
    const [buyer] = buyers(1);
    await shop.receive(buyer?.events ?? []);
    await shop.until('2026-05-20T10:00:01Z');
    await idle(shop);
    const [refused] = await touchesOf(shop, buyer?.customerId ?? '');
    expect(refused).toMatchObject({ state: 'deferred', attempts: 1 });

    sink.answer = (response) => response.end('ok');
    await shop.until('2026-05-20T10:02:00Z');
    await idle(shop);

    const [touch] = await touchesOf(shop, buyer?.customerId ?? '');
    expect(touch).toMatchObject({ state: 'sent', attempts: 2 });
    expect(sink.received).toEqual([touch?.id, touch?.id]);
    expect(touch?.history.map(({ state }) => state)).toEqual([
      'planned',
      'sending',
      'deferred',
      'sending',
      'sent',
    ]);
  });

  it('does not send to somebody who said stop after the touch had come due', async () => {
    const [buyer] = buyers(1);
    await dispatcher(shop).stop();
    await shop.receive(buyer?.events ?? []);
    await shop.until('2026-05-20T10:00:01Z');
    const [touch] = await touchesOf(shop, buyer?.customerId ?? '');
    await shop.post('/v1/touches/answers', { customerId: buyer?.customerId, answer: 'stop' });

    const other = await openShop({ now: '', env: sink.env, live: true, beside: shop });
    try {
      dispatcher(other).wake();
      await idle(other);
    } finally {
      await other.close();
    }
    expect(sink.received).toEqual([]);
    const after = await touchesOf(shop, buyer?.customerId ?? '');
    expect(after.find(({ id }) => id === touch?.id)).toMatchObject({
      state: 'skipped',
      reason: 'stopped',
    });
  });

  /** What a process that died between the two transactions leaves behind. */
  async function diedWhileSending(channel: 'email' | 'webhook'): Promise<string> {
    const buyer = aBuyer('2026-05-20');
    await dispatcher(shop).stop();
    await shop.receive(buyer.events);
    await shop.until('2026-05-20T10:00:01Z');
    await shop.db.query(sql`
      update touches set state = 'sending', ready_at = null, attempts = 1, channel = ${channel},
             channels = array[${channel}]::text[], sent_at = ${shop.clock.now()},
             leased_until = clock_timestamp() - interval '1 second'
      where step = 1`);
    return buyer.customerId;
  }

  it.each([
    ['email', 'unknown', 0],
    ['webhook', 'sent', 1],
  ] as const)('after a death while sending by %s it is %s', async (channel, state, sends) => {
    const customerId = await diedWhileSending(channel);
    const other = await openShop({ now: '', env: sink.env, live: true, beside: shop });
    try {
      dispatcher(other).wake();
      await eventually(async () => {
        const [touch] = await touchesOf(shop, customerId);
        expect(touch?.state).not.toBe('sending');
      });
      await shop.until('2026-05-20T10:05:00Z');
      await idle(other);
      const [touch] = await touchesOf(shop, customerId);
      expect(touch?.state).toBe(state);
      expect(sink.received).toHaveLength(sends);
      expect(touch?.history.map(({ reason }) => reason)).toContain('died-while-sending');
    } finally {
      await other.close();
    }
  });

  it('sends nothing for a purchase that was corrected away before its touch came due', async () => {
    // Early enough for the touch to wait for its hour: one that is due is fired while the correction arrives.
    await shop.until('2026-05-21T06:00:00Z');
    const buyer = aBuyer('2026-05-21');
    const removed = aPurchase(
      buyer.customerId,
      '2026-05-21',
      { ...buyer.purchase.data, revision: 2 },
      'PurchaseRemoved',
    );
    await shop.receive([...buyer.events, removed]);
    await shop.until('2026-05-21T10:05:00Z');
    await idle(shop);

    expect(sink.received).toEqual([]);
  });
});
