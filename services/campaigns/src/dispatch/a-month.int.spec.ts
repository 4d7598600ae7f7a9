import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { addDays, minutesOfDay } from '@regulars/kernel';
import { sql } from '@regulars/persistence';
import { openShop, runCampaign, touchesOf, type Shop } from '../campaigns.kit.spec.js';
import { aBuyer, aForecast, aPurchase, aSegment } from '../events.kit.spec.js';
import { isQuiet } from '../guardrails/quiet-hours.js';

jest.setTimeout(180_000);

const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
];
const night = { from: 21 * 60, to: 9 * 60 };

/** March 2026: clocks change on the 8th in New York and on the 29th in Berlin; Lord Howe goes back half an hour on April 5th. */
describe('a month with customers in five zones across clock changes', () => {
  let shop: Shop;
  const buyers = zones.flatMap((timeZone, zone) =>
    [0, 1, 2].map((n) => ({
      timeZone,
      cycleDays: [60, 75, 90][n] ?? 90,
      ...aBuyer(addDays('2026-01-05', 3 * zone), {
        timeZone,
        segment: n === 2 ? 'periodic' : 'regular',
        forecast: { cycleDays: [60, 75, 90][n] ?? 90 },
      }),
    })),
  );
  const agreed = buyers[0]?.customerId ?? '';
  const bought = buyers[1]?.customerId ?? '';
  const agreedAt = new Date('2026-04-02T13:00:00Z');

  beforeAll(async () => {
    shop = await openShop({ now: '2026-02-20T08:00:00Z' });
    await runCampaign(shop);
    // A second, denser campaign at the edges of the night strains quiet hours and cap.
    await runCampaign(shop, {
      name: 'Dense',
      ladder: [-12, -10, -8, -6, -4, -2, 0, 2].map((day, index) => ({
        day,
        directness: index < 3 ? 'presence' : index < 6 ? 'reminder' : 'direct-offer',
        hour: [8, 21, 23, 2][index % 4],
      })),
    });
    await shop.receive(buyers.flatMap(({ events }) => events));
    await shop.until('2026-03-10T00:00:00Z');
    await shop.post('/v1/touches/answers', {
      customerId: agreed,
      answer: 'later',
      agreement: { day: '2026-04-02', hour: 15, whoActs: 'we-call' },
    });
    const purchase = aPurchase(bought, '2026-03-10');
    await shop.receive([
      purchase,
      aForecast(purchase, { cycleDays: 75 }),
      aSegment(bought, 'regular'),
    ]);
    await shop.until('2026-04-20T00:00:00Z');
  });
  afterAll(() => shop.close());

  const sentBy = async (customerId: string) =>
    (await touchesOf(shop, customerId)).filter(({ state }) => ['captured', 'sent'].includes(state));

  it('sends much, and nothing inside anybody’s quiet hours', async () => {
    let sent = 0;
    for (const { customerId, timeZone } of buyers) {
      for (const { history } of await touchesOf(shop, customerId)) {
        const left = history.find(({ state }) => state === 'captured' || state === 'sent');
        if (!left) continue;
        sent += 1;
        const at = new Date(left.at);
        expect(isQuiet(night, minutesOfDay(at, timeZone))).toBe(false);
      }
    }
    expect(sent).toBeGreaterThan(30);
  });

  it('never exceeds three touches in any fourteen days', async () => {
    const rows = await shop.db.query<{ most: number }>(sql`
      select max(n) as most from (
        select (select count(*) from touches b
                where b.customer_id = a.customer_id and b.sent_at <= a.sent_at
                  and b.sent_at > a.sent_at - interval '14 days') as n
        from touches a where a.sent_at is not null) as windows`);
    expect(rows).toEqual([{ most: 3 }]);
  });

  it('is silent before the agreed day, and calls on it', async () => {
    const sent = await sentBy(agreed);
    const dates = sent.map(({ history }) =>
      history.find((h) => h.state === 'captured' || h.state === 'sent'),
    );
    const between = dates.filter((entry) => {
      const at = new Date(entry?.at ?? '');
      return at >= new Date('2026-03-10T00:00:00Z') && at < agreedAt;
    });
    expect(between).toEqual([]);
    expect(sent.find(({ reason }) => reason === 'agreement')).toMatchObject({ channel: 'task' });
  });

  it('sends nothing of the old ladder after the purchase', async () => {
    const old = (await touchesOf(shop, bought)).filter(({ dueAt }) => dueAt < '2026-04-10');
    const late = old.filter(({ state, history }) => {
      const left = history.find((h) => h.state === 'captured' || h.state === 'sent');
      return (
        left !== undefined &&
        state !== 'skipped' &&
        new Date(left.at) >= new Date('2026-03-10T00:00:00Z')
      );
    });
    expect(late).toEqual([]);
  });

  it('leaves a reason with every touch that did not leave, and the sums balance', async () => {
    const rows = await shop.db.query<{ state: string; reason: string; n: number }>(sql`
      select state, reason, count(*) as n from touches group by state, reason order by 1, 2`);
    expect(rows.filter(({ reason }) => reason === '')).toEqual([]);
    const count = (state: string) =>
      rows.filter((row) => row.state === state).reduce((sum, { n }) => sum + n, 0);
    const planned = (await shop.told()).filter(
      (event) => event.type === 'TouchPlanned' && event.data.reason !== 'moved',
    ).length;
    const reached = ['captured', 'sent', 'delivered', 'answered'];
    const ends = [...reached, 'skipped', 'failed', 'unknown', 'deferred', 'planned'];
    expect(ends.reduce((sum, state) => sum + count(state), 0)).toBe(planned);
    for (const reason of ['quiet-hours', 'frequency-cap'])
      expect(rows.some((row) => row.state === 'skipped' && row.reason === reason)).toBe(
        reason === 'frequency-cap',
      );
  });
});
