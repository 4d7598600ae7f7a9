import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@regulars/kernel';
import { openShop, runCampaign, touchesOf, touchLines, type Shop } from '../campaigns.kit.spec.js';
import { aBuyer, aForecast, aPurchase, aSegment, noForecast } from '../events.kit.spec.js';

const aCampaign = (over: Record<string, unknown> = {}) => ({
  name: 'Due soon',
  audience: { segments: ['regular'] },
  trigger: { kind: 'due-day' },
  ...over,
});

describe('campaigns', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop({ now: '2026-01-10T12:00:00Z' });
  });
  afterAll(() => shop.close());

  it('take their defaults', async () => {
    const { body } = await shop.post('/v1/campaigns', aCampaign());

    expect(body['definition']).toMatchObject({
      purpose: 'marketing',
      lead: { share: 0.15, minDays: 2, maxDays: 21 },
      shortCycleDays: 28,
      backlogPerDay: 50,
      ladder: [
        { step: 1, directness: 'presence', hour: 11 },
        { step: 2, directness: 'reminder' },
        { step: 3, directness: 'direct-offer', day: { days: 0 } },
        { step: 4, directness: 'direct-offer' },
      ],
    });
  });

  it.each([
    ['an unknown field', { extra: 1 }, 400, '/extra'],
    ['no segment', { audience: { segments: [] } }, 400, '/audience/segments'],
    ['a strange trigger', { trigger: { kind: 'moon' } }, 400, '/trigger/kind'],
    ['a short ladder', { ladder: [{ day: 0, directness: 'reminder' }] }, 422, '/ladder'],
    ['a blank name', { name: ' \t ' }, 400, '/name'],
    [
      'a step with two days',
      { ladder: [-2, -1, 0].map((day) => ({ day, leadShare: -1, directness: 'reminder' })) },
      422,
      '/ladder/0/leadShare',
    ],
    [
      'a short ladder after a purchase',
      { trigger: { kind: 'purchase' }, ladder: [{ day: 0, directness: 'reminder' }] },
      422,
      '/ladder',
    ],
    [
      'an unknown template',
      { ladder: [-2, -1, 0].map((day) => ({ day, directness: 'reminder', template: 'nope' })) },
      422,
      '/ladder/0/template',
    ],
    [
      'an unknown offer',
      { ladder: [-2, -1, 0].map((day) => ({ day, directness: 'reminder', offerId: newId() })) },
      422,
      '/ladder/0/offerId',
    ],
  ])('with %s are refused', async (_, over, status, pointer) => {
    const refused = await shop.post('/v1/campaigns', aCampaign(over));

    expect(refused.status).toBe(status);
    expect(refused.body['errors']).toEqual(
      expect.arrayContaining([expect.objectContaining({ pointer })]),
    );
  });

  it('get a new version with every edit; the built-in one is nobody’s to see or change', async () => {
    const { body } = await shop.post('/v1/campaigns', aCampaign());
    const id = String(body['id']);

    expect(await shop.put(`/v1/campaigns/${id}`, aCampaign({ name: 'Other' }))).toMatchObject({
      status: 200,
      body: { version: 2, definition: { name: 'Other' } },
    });
    const builtIn = '/v1/campaigns/00000000-0000-7000-8000-000000000001';
    expect((await shop.get(builtIn)).status).toBe(404);
    expect((await shop.post(`${builtIn}/pause`)).status).toBe(404);
    expect((await shop.get('/v1/campaigns?limit=200')).text).not.toContain('Conversations');
  });

  it('move planned steps with the due day, and end with audience, forecast and merging facts', async () => {
    const id = await runCampaign(shop, aCampaign());
    const a = aBuyer('2026-01-10');
    const b = aBuyer('2026-01-10');
    await shop.receive([...a.events, ...b.events]);
    await shop.told();

    await shop.receive([aForecast(a.purchase, { cause: 'refit', dueDay: '2026-04-20' })]);
    expect(touchLines(await shop.told())).toEqual(
      [1, 2, 3, 4].map((step) => `TouchPlanned ${String(step)} moved`),
    );
    expect((await touchesOf(shop, a.customerId))[2]?.dueAt).toBe('2026-04-20T09:00:00.000Z');

    await shop.receive([aSegment(a.customerId, 'lost')]);
    expect(touchLines(await shop.told())).toEqual(
      [1, 2, 3, 4].map((step) => `TouchSkipped ${String(step)} left-audience`),
    );
    await shop.receive([noForecast(b.customerId)]);
    expect(touchLines(await shop.told())[0]).toBe('TouchSkipped 1 forecast-withdrawn');
    await shop.post(`/v1/campaigns/${id}/pause`);
  });

  it('keep a forecast that is ahead of the purchases until they have caught up', async () => {
    const id = await runCampaign(shop, aCampaign());
    const buyer = aBuyer('2026-01-10');
    const [profile, consent, purchase, forecast, segment] = buyer.events;
    await shop.receive([profile, consent, segment, forecast].flatMap((event) => event ?? []));
    expect(touchLines(await shop.told())).toEqual([]);

    await shop.receive(purchase ? [purchase] : []);
    expect(touchLines(await shop.told())).toHaveLength(4);

    // An older one than what we know is superseded.
    const next = aPurchase(buyer.customerId, '2026-01-10');
    await shop.receive([next]);
    const noted = await shop.receive([aForecast(buyer.purchase, { dueDay: '2026-08-01' })]);
    expect(noted.superseded).toBe(1);
    await shop.post(`/v1/campaigns/${id}/pause`);
  });

  it('defer what comes due while they are paused, and go on when resumed', async () => {
    const id = await runCampaign(shop, aCampaign());
    const buyer = aBuyer('2026-01-10', { forecast: { cycleDays: 40 } });
    await shop.receive(buyer.events);
    await shop.post(`/v1/campaigns/${id}/pause`);
    // Lead 6 days: the first step falls on 2026-02-13.
    await shop.until('2026-02-13T12:00:00Z');
    expect((await touchesOf(shop, buyer.customerId))[0]).toMatchObject({
      state: 'deferred',
      reason: 'campaign-paused',
    });

    await shop.post(`/v1/campaigns/${id}/start`);
    await shop.until('2026-02-14T12:00:00Z');

    expect((await touchesOf(shop, buyer.customerId))[0]).toMatchObject({ state: 'captured' });
    await shop.post(`/v1/campaigns/${id}/pause`);
  });

  it('make an offer that may be made once only once', async () => {
    const offer = await shop.post('/v1/offers', { code: 'ten', title: '10 % off', rule: 'once' });
    expect(offer.status).toBe(201);
    const ladder = [0, 40, 80].map((day) => ({
      directness: 'presence',
      day,
      ...(day === 0 ? { offerId: offer.body['id'] } : {}),
    }));
    const thanks = { trigger: { kind: 'purchase' }, ladder };
    const first = await runCampaign(shop, aCampaign({ name: 'A', ...thanks }));
    const second = await runCampaign(shop, aCampaign({ name: 'B', ...thanks }));
    const buyer = aBuyer('2026-02-14');

    await shop.receive(buyer.events);
    await shop.until('2026-02-14T13:00:00Z');

    const ends = (await touchesOf(shop, buyer.customerId))
      .map(({ state, reason }) => `${state} ${reason}`)
      .filter((end) => !end.startsWith('planned'));
    expect(ends.toSorted()).toEqual(['captured purchase', 'skipped offer-already-made']);
    expect((await shop.told()).filter(({ type }) => type === 'OfferMade')).toHaveLength(1);
    for (const id of [first, second]) await shop.post(`/v1/campaigns/${id}/pause`);
  });

  it('send at once what a pause deferred when they are resumed', async () => {
    const id = await runCampaign(shop, aCampaign());
    const buyer = aBuyer('2026-01-14', { forecast: { cycleDays: 40 } });
    await shop.receive(buyer.events);
    await shop.post(`/v1/campaigns/${id}/pause`);
    // Lead 6 days: the first step falls on 2026-02-17 at 11:00 in Berlin.
    await shop.until('2026-02-17T10:30:00Z');
    const [, before] = await touchesOf(shop, buyer.customerId);

    await shop.post(`/v1/campaigns/${id}/start`);
    await shop.until('2026-02-17T10:31:00Z');

    const [first, second] = await touchesOf(shop, buyer.customerId);
    expect(first).toMatchObject({ state: 'captured', history: [{}, { state: 'deferred' }, {}] });
    expect(second).toEqual(before);
    await shop.post(`/v1/campaigns/${id}/pause`);
  });
});
