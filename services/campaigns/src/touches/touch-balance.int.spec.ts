import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { gapOf } from '@regulars/kernel';
import { sql, type Sql } from '@regulars/persistence';
import { eventually } from '@regulars/testing';
import { openShop, runCampaign, touchesOf, type Shop } from '../campaigns.kit.spec.js';
import { Dispatcher } from '../dispatch/dispatcher.use-case.js';
import { webhookSink, type WebhookSink } from '../dispatch/webhook-sink.kit.spec.js';
import { aBuyer } from '../events.kit.spec.js';
import { touchBalances } from './touch-balance.store.js';

/** Seven buyers get their first touch by webhook; two others of each wait, on another channel. */
describe('the sum of touches', () => {
  let sink: WebhookSink;
  let shop: Shop;
  const buyers = Array.from({ length: 7 }, () => aBuyer('2026-05-20'));

  beforeEach(async () => {
    sink = await webhookSink();
    shop = await openShop({
      now: '2026-05-20T10:00:00Z',
      env: sink.env,
      live: true,
      hasGaps: true,
    });
    await runCampaign(shop, {
      name: 'Thanks',
      trigger: { kind: 'purchase' },
      ladder: [
        { day: 0, directness: 'presence', channel: 'webhook' },
        { day: 40, directness: 'presence', channel: 'email' },
        { day: 80, directness: 'presence', channel: 'email' },
      ],
    });
    await shop.receive(buyers.flatMap(({ events }) => events));
    await shop.until('2026-05-20T10:00:01Z');
    const dispatcher = shop.app.get(Dispatcher, { strict: false });
    await eventually(() => dispatcher.idle());
  });
  afterEach(async () => {
    await shop.close();
    sink.close();
  });

  const none = { captured: 0, sent: 0, skipped: 0, failed: 0, unknown: 0, deferred: 0, pending: 0 };

  it('tells per channel what became of all that was planned', async () => {
    expect(await touchBalances(shop.db)).toEqual([
      { sum: 'touches', of: 'email', whole: 14, parts: { ...none, pending: 14 }, gaps: [] },
      { sum: 'touches', of: 'webhook', whole: 7, parts: { ...none, sent: 7 }, gaps: [] },
    ]);
  });

  it('counts an answered touch as sent, and one that is answered too early as what it is', async () => {
    const [early, late] = buyers.map(({ customerId }) => customerId);
    const [first] = await touchesOf(shop, early ?? '');
    const [, second] = await touchesOf(shop, late ?? '');
    for (const touch of [first, second])
      await shop.post(`/v1/touches/${touch?.id ?? ''}/answers`, { answer: 'not-reached' });
    await shop.post(`/v1/touches/${first?.id ?? ''}/answers`, { answer: 'bought' });

    expect(await touchBalances(shop.db)).toMatchObject([
      { of: 'email', whole: 14, parts: { pending: 12, skipped: 2 }, gaps: [] },
      { of: 'webhook', whole: 7, parts: { sent: 7 }, gaps: [] },
    ]);
  });

  it.each<[string, Sql, string]>([
    [
      'a touch that is gone',
      sql`delete from touches where id = (select min(id::text)::uuid from touches where channel = 'webhook')`,
      '1 touches planned by the history, and not in the ledger',
    ],
    [
      'a touch without a history',
      sql`delete from touch_changes where touch_id = (select min(id::text)::uuid from touches where channel = 'webhook')`,
      '1 touches in the ledger, and never planned by the history',
    ],
    [
      'a state that was moved',
      sql`update touches set state = 'failed' where id = (select min(id::text)::uuid from touches where channel = 'webhook')`,
      '1 touches in a state that no record tells of',
    ],
    [
      'an answer that nobody gave',
      sql`update touches set state = 'answered' where id = (select min(id::text)::uuid from touches where channel = 'webhook')`,
      '1 touches in a state that no record tells of',
    ],
  ])('shows %s', async (_, change, finding) => {
    await shop.db.query(change);

    const [email, webhook] = await touchBalances(shop.db);
    expect(email?.gaps).toEqual([]);
    expect(webhook?.gaps).toMatchObject([{ finding }]);
    expect(webhook && gapOf(webhook)).toBe(1);
  });
});
