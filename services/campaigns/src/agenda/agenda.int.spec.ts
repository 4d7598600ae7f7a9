import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openShop, runCampaign, type Shop } from '../campaigns.kit.spec.js';
import { aBuyer, aProfile, erased } from '../events.kit.spec.js';

describe('the agenda', () => {
  let shop: Shop;
  const soon = aBuyer('2026-01-01', {
    forecast: { cycleDays: 70, expectedPurchaseValueMinor: 1_000 },
  });
  const overdue = aBuyer('2026-01-01', {
    forecast: { cycleDays: 50, expectedPurchaseValueMinor: 5_000 },
  });
  const far = aBuyer('2026-01-01', { forecast: { cycleDays: 300 } });
  const lost = aBuyer('2026-01-01', { segment: 'lost', forecast: { cycleDays: 20 } });
  const dateless = aBuyer('2026-01-01', { segment: 'periodic' });

  beforeAll(async () => {
    shop = await openShop({ now: '2026-03-02T08:00:00Z' });
    await shop.receive([soon, overdue, far, lost].flatMap(({ events }) => events));
    // Its forecast has not come yet.
    await shop.receive(dateless.events.filter(({ stream }) => stream !== 'forecast'));
    await shop.receive([aProfile(soon.customerId, { name: '=HYPERLINK("x")' })]);
    await runCampaign(shop);
    await shop.until('2026-03-02T12:00:00Z');
  });
  afterAll(() => shop.close());

  it('lists who is due or overdue and not lost, most valuable first', async () => {
    const { body } = await shop.get('/v1/agenda?days=14');

    expect(body['data']).toMatchObject([
      {
        customerId: overdue.customerId,
        name: 'Ada',
        phone: '+4930901820',
        channel: 'email',
        whyNow:
          'Buys about every 50 days, due since 2026-02-20, overdue by 10 days; last bought on 2026-01-01',
        expectedSpend: { amountMinor: 5_000, currency: 'EUR' },
        mayContact: true,
      },
      { customerId: soon.customerId, contactDay: '2026-03-12' },
      { customerId: dateless.customerId, contactDay: '2026-03-02' },
    ]);
  });

  it('compares money of one currency only: the company’s first, also over pages', async () => {
    const yen = aBuyer('2026-01-01', {
      forecast: { cycleDays: 70, expectedPurchaseValueMinor: 6_000, currency: 'JPY' },
    });
    await shop.receive(yen.events);

    const seen: unknown[] = [];
    for (let path = '/v1/agenda?limit=1'; path !== '';) {
      const { body } = await shop.get(path);
      const [entry] = body['data'] as { customerId: string }[];
      seen.push(entry?.customerId);
      const { next } = body['page'] as { next?: string | null };
      path = next ? `/v1/agenda?limit=1&after=${next}` : '';
    }

    expect(seen).toEqual([
      overdue.customerId,
      soon.customerId,
      dateless.customerId,
      yen.customerId,
    ]);
    await shop.receive([erased(yen.customerId)]);
  });

  it('goes on after a page', async () => {
    const first = await shop.get('/v1/agenda?limit=2');
    const { next } = first.body['page'] as { next: string };
    const second = await shop.get(`/v1/agenda?limit=2&after=${next}`);

    expect(second.body).toMatchObject({
      data: [{ customerId: dateless.customerId }],
      page: { hasMore: false },
    });
  });

  it('is CSV when asked, with formulas disarmed', async () => {
    const asked = await shop.get('/v1/agenda?days=14', { accept: 'text/csv' });

    expect(asked.headers.get('content-type')).toMatch(/^text\/csv/);
    const lines = asked.text.trim().split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[1]).toContain(`,Ada,'+4930901820,`);
    expect(lines[1]).toContain(',50.00,EUR,yes');
    expect(lines[2]).toContain(`"'=HYPERLINK(""x"")"`);
    expect((await shop.get('/v1/agenda?format=csv')).text).toBe(asked.text);
  });
});
