import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { openShop, runCampaign, touchesOf, touchLines, type Shop } from '../campaigns.kit.spec.js';
import { aBuyer, aSegment } from '../events.kit.spec.js';

jest.setTimeout(60_000);

const due = (dueDay: string, money: number) =>
  aBuyer('2026-01-01', {
    imported: true,
    forecast: { dueDay, cycleDays: 60, expectedPurchaseValueMinor: money, lostDay: '2026-12-01' },
  });

describe('a campaign that starts on imported history', () => {
  let shop: Shop;
  const past = [due('2026-03-01', 500), due('2026-02-20', 9_000), due('2026-03-05', 4_000)];
  const ahead = due('2026-03-20', 100);
  const nearly = due('2026-03-11', 100);

  beforeEach(async () => {
    shop = await openShop({ now: '2026-03-10T10:00:00Z' });
    await shop.receive([...past, ahead, nearly].flatMap(({ events }) => events));
  });
  afterEach(() => shop.close());

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

  it('does not release who left the audience meanwhile, and fires no purchase trigger', async () => {
    await runCampaign(shop, {
      name: 'Thanks',
      audience: { segments: ['regular'] },
      trigger: { kind: 'purchase' },
      ladder: [{ day: 0, directness: 'presence' }],
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
