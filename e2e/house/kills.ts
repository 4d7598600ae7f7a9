import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sql, type Sql } from '@regulars/persistence';
import { eventually } from '@regulars/testing';
import { afternoonZone, busyDay, openShop } from './busy-day.ts';
import type { House } from './house.ts';
import { startMailSink, type MailSink } from './mail-sink.ts';
import { postUnderFire, type Posted } from './post-under-fire.ts';
import { sumOf } from './series.ts';

const KILLS = 10;
const day = busyDay(300, 2_000);

/** Nothing lost, nothing doubled: the same for a standalone and for five processes. */
export function proveKills(startHouse: (env: Record<string, string>) => Promise<House>): void {
  let house: House;
  let mail: MailSink;
  /** The send key of every message that was taken, in the order of arrival. */
  const mailed: string[] = [];
  let posted: Posted;
  const opened: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    mail = await startMailSink(({ sendKey }) => {
      mailed.push(sendKey);
      return 'take';
    });
    opened.push(() => mail.close());
    house = await startHouse({
      REGULARS_TIME_ZONE: afternoonZone,
      REGULARS_SMTP_URL: mail.url,
      REGULARS_SMTP_FROM: 'hello@shop.example',
      // On a slow machine touches would be put off for ten minutes while purchases wait: here they are to leave.
      REGULARS_CAMPAIGNS_BEHIND_LIMIT_S: '3600',
    });
    opened.push(() => house.stop());
    await openShop(house, day.customers);
    const startedAt = performance.now();
    posted = await postUnderFire(house, day, KILLS);
    const postedAt = performance.now();
    await house.drained();
    // A send whose process died is settled when its lease is over, a minute later at most.
    await eventually(async () => (await count(house, unfinished)) === 0, { withinMs: 90_000 });
    await house.drained();
    const seconds = (from: number, to: number): string => ((to - from) / 1_000).toFixed(1);
    process.stdout.write(
      `${house.mode}: ${String(KILLS)} kills in ${seconds(startedAt, postedAt)} s, ` +
        `${String(posted.unclear)} posts without a clear end, drained ${seconds(postedAt, performance.now())} s ` +
        `later, ${String(mailed.length)} mails; touches: ${await touchStates(house)}\n`,
    );
  });
  afterAll(async () => {
    for (const close of opened.reverse()) await close();
  });

  it('was a run that could fail: every process was killed, and posts broke off', () => {
    expect(new Set(posted.kills)).toEqual(new Set(house.processes));
    expect(posted.kills).toHaveLength(KILLS);
    expect(posted.unclear).toBeGreaterThan(0);
  });

  it('has acknowledged all purchases and stored each of them once', async () => {
    expect(posted.acknowledged).toBe(day.purchases.length);
    const stored = await house.api.all<{ orderId: string }>('/v1/purchases');
    expect(stored.map(({ orderId }) => orderId).sort()).toEqual(
      day.purchases.map(({ orderId }) => orderId).sort(),
    );
  });

  it('has counted them in prediction, forecasts included', async () => {
    expect(await count(house, sql`select count(*) from prediction.ledger_orders`)).toBe(2_000);
    const forecasts = await house.api.all<{ purchaseCount: number }>('/v1/forecasts');
    expect(forecasts).toHaveLength(day.customers);
    expect(forecasts.reduce((sum, { purchaseCount }) => sum + purchaseCount, 0)).toBe(
      day.purchaseDays,
    );
  });

  it('has counted them in segmentation, campaigns and metrics, the money to the cent', async () => {
    const segments = await house.api.get<{ customersWithPurchases: number }>('/v1/segments');
    expect(segments.customersWithPurchases).toBe(day.customers);
    expect(await count(house, sql`select count(*) from campaigns.purchases`)).toBe(2_000);
    expect(await house.api.get('/v1/reports/customers')).toMatchObject({
      customersWithPurchases: day.customers,
      orders: day.purchases.length,
      purchaseDays: day.purchaseDays,
      revenue: [{ currency: 'EUR', revenueMinor: day.totalMinor }],
    });
  });

  it('has sent touches, and none of them twice', async () => {
    const touches = await house.api.all<{ id: string; state: string }>('/v1/touches');
    const ended = new Map(touches.map(({ id, state }) => [id, state]));
    const left = (state: string): string[] =>
      touches.filter((touch) => touch.state === state).map(({ id }) => id);

    expect(mailed.length).toBeGreaterThan(100);
    expect(new Set(mailed).size).toBe(mailed.length);
    expect(mailed.filter((key) => !['sent', 'unknown'].includes(ended.get(key) ?? ''))).toEqual([]);
    expect(left('sent').filter((id) => !mailed.includes(id))).toEqual([]);
  });

  it('has no dead letters and no brake', async () => {
    const series = await house.scrape();
    expect(sumOf(series, 'regulars_dead_letters')).toBe(0);
    expect(sumOf(series, 'regulars_consumer_blocked')).toBe(0);
  });
}

const unfinished = sql`select count(*) from campaigns.touches where state = 'sending' or ready_at is not null`;

async function touchStates(house: House): Promise<string> {
  const rows = await house.rows(sql`
    select state || ' (' || reason || ')' as state, count(*) from campaigns.touches group by 1 order by 1`);
  return rows.map(({ state, count: touches }) => `${String(touches)} ${String(state)}`).join(', ');
}

async function count(house: House, statement: Sql): Promise<number> {
  return Number((await house.rows(statement))[0]?.['count']);
}
