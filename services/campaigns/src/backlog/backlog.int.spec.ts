import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CycleSegment } from '@regulars/contracts';
import { sql } from '@regulars/persistence';
import { timers } from '@regulars/timers';
import { openShop, runCampaign, touchesOf, touchLines, type Shop } from '../campaigns.kit.spec.js';
import { campaignScan } from '../campaigns/on-campaign-scan.js';
import { aBuyer, aSegment } from '../events.kit.spec.js';

const due = (dueDay: string, money: number, segment: CycleSegment = 'regular') =>
  aBuyer('2026-01-01', {
    segment,
    imported: true,
    forecast: { dueDay, cycleDays: 60, expectedPurchaseValueMinor: money, lostDay: '2026-12-01' },
  });

describe('a campaign that starts on imported history', () => {
  let shop: Shop;
  const past = [due('2026-03-01', 500), due('2026-02-20', 9_000), due('2026-03-05', 4_000)];
  const ahead = due('2026-03-20', 100);
  const nearly = due('2026-03-11', 100);
  const periodic = [500, 400].map((money) => due('2026-03-01', money, 'periodic'));
  const periodicAhead = due('2026-03-20', 100, 'periodic');

  beforeEach(async () => {
    shop = await openShop({ now: '2026-03-10T10:00:00Z' });
    await shop.receive([...past, ahead, nearly].flatMap(({ events }) => events));
  });
  afterEach(() => shop.close());
  const draft = async (segment: string) => {
    const made = await shop.post('/v1/campaigns', {
      name: 'Due',
      audience: { segments: [segment] },
      trigger: { kind: 'due-day' },
      backlogPerDay: 1,
    });
    return String(made.body['id']);
  };

  it('is previewed: who is enrolled at once, and the backlog with most money first', async () => {
    const made = await shop.post('/v1/campaigns', {
      name: 'Due',
      audience: { segments: ['regular'] },
      trigger: { kind: 'due-day' },
      backlogPerDay: 2,
    });

    const preview = await shop.get(`/v1/campaigns/${String(made.body['id'])}/preview`);

    expect(preview.body).toMatchObject({
      inAudience: 5,
      enrolled: 2,
      backlog: { size: 3, perDay: 2, days: 2 },
    });
    const { first } = preview.body['backlog'] as { first: { moneyAtRiskMinor: number }[] };
    expect(first.map(({ moneyAtRiskMinor }) => moneyAtRiskMinor)).toEqual([9_000, 4_000, 500]);
    expect(await shop.told()).toEqual([]);
  });

  it('enrols whose day is ahead, and releases the others so many a day by money at risk', async () => {
    await runCampaign(shop, { audience: { segments: ['regular'] }, backlogPerDay: 2 });
    await shop.until('2026-03-10T10:01:00Z');

    const stateOf = async (who: { customerId: string }) =>
      (await touchesOf(shop, who.customerId)).map(({ state, reason }) => `${state} ${reason}`);
    expect(await stateOf(ahead)).toEqual(Array(4).fill('planned due-day'));
    // Lead 9 days: the first two steps are behind, and the history says so.
    expect(await stateOf(nearly)).toEqual([
      'skipped day-passed',
      'skipped day-passed',
      'planned due-day',
      'planned due-day',
    ]);
    // Released at once, at 11:00 in Berlin their first step leaves (it is 11:01 there).
    expect((await stateOf(past[1] ?? ahead))[0]).toBe('captured backlog');
    expect((await stateOf(past[2] ?? ahead))[0]).toBe('captured backlog');
    expect(await stateOf(past[0] ?? ahead)).toEqual([]);

    await shop.until('2026-03-11T09:59:00Z');
    expect((await stateOf(past[0] ?? ahead))[0]).toBe('planned backlog');
  });

  it('releases no more of a day however often it is edited, paused and started that day', async () => {
    const definition = {
      name: 'Due soon',
      audience: { segments: ['regular'] },
      trigger: { kind: 'due-day' },
      backlogPerDay: 1,
    };
    const id = await runCampaign(shop, definition);
    await shop.until('2026-03-10T10:01:00Z');
    await shop.put(`/v1/campaigns/${id}`, definition);
    await shop.until('2026-03-10T10:02:00Z');
    await shop.post(`/v1/campaigns/${id}/pause`);
    await shop.post(`/v1/campaigns/${id}/start`);
    await shop.until('2026-03-10T22:00:00Z');

    const released = async () => {
      const [row] = await shop.db.dataSource.query<{ released: number }[]>(
        `select count(*)::int as released from enrolments where released`,
      );
      return row?.released;
    };
    expect(await released()).toBe(1);
    await shop.until('2026-03-11T22:00:00Z');
    expect(await released()).toBe(2);
  });

  it('releases in one day what a raised number allows beside what was released already', async () => {
    const definition = {
      name: 'Due soon',
      audience: { segments: ['regular'] },
      trigger: { kind: 'due-day' },
    };
    const id = await runCampaign(shop, { ...definition, backlogPerDay: 1 });
    await shop.until('2026-03-10T10:01:00Z');
    await shop.put(`/v1/campaigns/${id}`, { ...definition, backlogPerDay: 2 });
    await shop.until('2026-03-10T22:00:00Z');

    const rows = await shop.db.dataSource.query<unknown[]>(`select from enrolments where released`);
    expect(rows).toHaveLength(2);
  });

  /** Customers are locked before campaigns, and in the order of their ids: not those of A, A, and then those of B. */
  it('looks at and releases each campaign in a transaction of its own', async () => {
    await shop.receive([...periodic, periodicAhead].flatMap(({ events }) => events));
    const ids = [await draft('regular'), await draft('periodic')];
    await shop.db.withTransaction(async (tx) => {
      await tx.query(sql`
        update campaigns set state = 'running', started_at = ${tx.clock.now()}, scan_state = 'pending'
        where id = any(${ids}::uuid[])`);
      const dueAt = new Date('2026-03-10T10:01:00Z');
      await timers(tx).schedule(ids.map((key) => ({ kind: campaignScan, key, dueAt })));
    });
    await shop.until('2026-03-11T10:00:00Z');

    const transactions = async (...customers: readonly ReturnType<typeof due>[]) =>
      shop.db.dataSource.query<{ xmin: string }[]>(
        `select distinct xmin::text from enrolments where customer_id = any($1)`,
        [customers.map(({ customerId }) => customerId)],
      );
    expect(await transactions(ahead, periodicAhead)).toHaveLength(2);
    // Released on the second morning, when both campaigns are due at once.
    expect(await transactions(past[2] ?? ahead, periodic[1] ?? ahead)).toHaveLength(2);
  });

  it('does not release who left the audience meanwhile, and fires no purchase trigger', async () => {
    await runCampaign(shop, {
      name: 'Thanks',
      audience: { segments: ['regular'] },
      trigger: { kind: 'purchase' },
      ladder: [0, 7, 14].map((day) => ({ day, directness: 'presence' })),
    });
    await runCampaign(shop, { audience: { segments: ['regular'] }, backlogPerDay: 2 });
    await shop.until('2026-03-10T10:01:00Z');
    const [poorest] = past;
    await shop.told();

    await shop.receive([aSegment(poorest?.customerId ?? '', 'lost')]);
    await shop.until('2026-03-11T12:00:00Z');

    expect(await touchesOf(shop, poorest?.customerId ?? '')).toEqual([]);
    expect(touchLines(await shop.told()).some((line) => line.includes('purchase'))).toBe(false);
  });
});
