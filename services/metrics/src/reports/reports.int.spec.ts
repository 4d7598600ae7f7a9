import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@regulars/kernel';
import type { StreamEvent } from '@regulars/contracts';
import { MetricsRegistry } from '@regulars/observability';
import { outboxEntities, outboxMigrations } from '@regulars/outbox';
import { testDatabase, type TestDatabase } from '@regulars/testing';
import { testApi, type TestApi } from '../api.builders.spec.js';
import { OnForecastRecords } from '../forecast-record/on-forecast-records.js';
import { TouchMetrics } from '../gauges/touch.metrics.js';
import {
  aPurchase,
  aSegmentChange,
  aTouch,
  inBatch,
  meta,
} from '../ledger/events.builders.spec.js';
import { OnPurchases } from '../ledger/on-purchases.js';
import { OnSegments } from '../ledger/on-segments.js';
import { OnTouches } from '../ledger/on-touches.js';
import { metrics } from '../metrics.js';

// A busy machine may take its time; a hang still ends.
/** Two customers: one comes back twice and lapses a year later, one buys once; a third order is refunded in full. */
const steady = newId();
const single = newId();
const campaignId = newId();

let db: TestDatabase;
let api: TestApi;
beforeAll(async () => {
  db = await testDatabase({
    service: 'metrics',
    entities: [...metrics.entities, ...outboxEntities],
    migrations: [...metrics.migrations, ...outboxMigrations],
  });
  api = await testApi(metrics, db, '2026-06-15T12:00:00Z');
});
afterAll(async () => {
  await api.close();
  await db.drop();
});

const get = async (path: string) => (await api.get(`/v1/reports/${path}`, 'reports:read')).body;

describe('before traffic', () => {
  it('every report answers, with its formula and no invented share', async () => {
    expect(await get('overview')).toMatchObject({ repeatShare: null, churn: { share: null } });
    for (const name of [
      'repeat-purchases',
      'revenue',
      'average-check',
      'frequency',
      'segments',
      'churn',
      'touches',
      'forecast-record',
    ]) {
      expect(await get(`${name}?by=week`)).toMatchObject({
        report: name,
        by: 'week',
        formula: expect.stringMatching(/=/),
        timeZone: 'Europe/Berlin',
      });
    }
  });

  it('every series stands at zero', async () => {
    const text = await api.metrics.registry.metrics();
    expect(text).toContain('regulars_repeat_purchase_share{service="metrics"} 0');
    expect(text).toContain('regulars_segment_customers{segment="lapsed",service="metrics"} 0');
    expect(text).toContain('regulars_segment_share{segment="regular",service="metrics"} 0');
    expect(text).toContain('regulars_average_check_minor{currency="EUR",service="metrics"} 0');
    expect(text).toContain('regulars_annual_churn_share{service="metrics"} 0');
    expect(text).toContain(
      'regulars_touches_total{channel="sms",outcome="unknown",service="metrics"} 0',
    );
  });
});

describe('with a history', () => {
  beforeAll(async () => {
    const purchases = [
      aPurchase(steady, { purchaseDay: '2025-04-10', totalMinor: 1_000 }),
      aPurchase(steady, { purchaseDay: '2025-05-10', totalMinor: 3_000 }),
      aPurchase(steady, { purchaseDay: '2025-05-10', totalMinor: 500, currency: 'USD' }),
      aPurchase(steady, { purchaseDay: '2026-06-10', totalMinor: 2_001 }),
      aPurchase(single, { purchaseDay: '2025-05-20', totalMinor: 4_000 }),
      aPurchase(single, { purchaseDay: '2025-05-21', totalMinor: 0, fullyRefunded: true }),
    ];
    const segments = [
      aSegmentChange(steady, { to: 'new', day: '2025-04-10' }),
      aSegmentChange(steady, { to: 'regular', day: '2025-05-10' }),
      aSegmentChange(steady, { to: 'lost', lostKind: 'lapsed', cause: 'time', day: '2025-11-01' }),
      aSegmentChange(steady, { to: 'periodic', day: '2026-06-10' }),
      aSegmentChange(single, { to: 'new', day: '2025-05-20' }),
      aSegmentChange(single, { to: 'one-time', cause: 'time', day: '2025-08-01' }),
    ];
    const touch = { touchId: newId(), campaignId, at: '2026-06-01T09:00:00Z' };
    const touches = [
      aTouch(steady, 'TouchPlanned', touch),
      aTouch(steady, 'TouchSent', touch),
      aTouch(single, 'TouchSkipped', { campaignId, reason: 'no-consent' }),
    ];
    const onTouches = new OnTouches(
      { timeZone: 'Europe/Berlin' },
      new TouchMetrics(new MetricsRegistry('metrics')),
    );
    await inBatch(db, (tx) => new OnPurchases().handle(purchases, tx));
    await inBatch(db, (tx) => new OnSegments().handle(segments, tx));
    await inBatch(db, (tx) => onTouches.handle(touches, tx));
    await inBatch(db, (tx) =>
      new OnForecastRecords().handle([judged(2, true), judged(-8, false)], tx),
    );
  });

  it('repeat purchases are the days after the first, by period', async () => {
    const report = await get('repeat-purchases?from=2025-04-01&to=2025-05-31');
    expect(report).toMatchObject({ from: '2025-04-01', to: '2025-05-31', segment: 'all' });
    expect(report['data']).toEqual([
      {
        period: '2025-04',
        from: '2025-04-01',
        to: '2025-04-30',
        purchaseDays: 1,
        repeatPurchaseDays: 0,
        share: 0,
        buyers: 1,
        returningBuyers: 0,
        returningShare: 0,
      },
      {
        period: '2025-05',
        from: '2025-05-01',
        to: '2025-05-31',
        purchaseDays: 2,
        repeatPurchaseDays: 1,
        share: 0.5,
        buyers: 2,
        returningBuyers: 1,
        returningShare: 0.5,
      },
    ]);
    expect(report['total']).toEqual({ purchaseDays: 3, repeatPurchaseDays: 1, share: 1 / 3 });
  });

  it('a purchase belongs to the segment that found the customer', async () => {
    const lapsed = await get('revenue?from=2026-06-01&segment=lapsed');
    const revenue = [
      {
        currency: 'EUR',
        orders: 1,
        revenueMinor: 2_001,
        repeatRevenueMinor: 2_001,
        repeatShare: 1,
      },
    ];
    expect(lapsed['total']).toEqual(revenue);
    expect((await get('revenue?from=2026-06-01&segment=lost'))['total']).toEqual(revenue);
    expect((await get('revenue?from=2026-06-01&segment=regular'))['total']).toEqual([]);
  });

  it('money is told per currency, the average check per order', async () => {
    const report = await get('average-check?from=2025-05-01&to=2025-05-31');
    expect(report['total']).toEqual([
      { currency: 'EUR', orders: 2, averageCheckMinor: 3_500, repeatAverageCheckMinor: 3_000 },
      { currency: 'USD', orders: 1, averageCheckMinor: 500, repeatAverageCheckMinor: 500 },
    ]);
  });

  it('frequency counts purchase days per buyer and the gaps between them', async () => {
    const report = await get('frequency?from=2025-05-01&to=2025-05-31');
    expect(report['data']).toMatchObject([
      { purchaseDays: 2, buyers: 2, purchaseDaysPerBuyer: 1, meanGapDays: 30 },
    ]);
  });

  it('segments stand as they were at the end of each period', async () => {
    const { data } = await get('segments?from=2025-05-01&to=2025-11-30');
    const rows = data as { period: string; segments: { segment: string; customers: number }[] }[];
    const sizes = rows.map(({ period, segments }) => [
      period,
      ...segments.filter(({ customers }) => customers > 0).map(({ segment }) => segment),
    ]);
    expect(sizes).toEqual([
      ['2025-05', 'regular', 'new'],
      ['2025-06', 'regular', 'new'],
      ['2025-07', 'regular', 'new'],
      ['2025-08', 'regular', 'one-time'],
      ['2025-09', 'regular', 'one-time'],
      ['2025-10', 'regular', 'one-time'],
      ['2025-11', 'one-time', 'lapsed'],
    ]);
  });

  it('churn compares with a year before', async () => {
    const report = await get('churn?from=2026-04-01');
    expect(report['data']).toMatchObject([
      { period: '2026-04', base: 0, churned: 0, share: null },
      { period: '2026-05', base: 1, churned: 1, share: 1 },
      // Bought again on the 10th.
      { period: '2026-06', to: '2026-06-15', base: 1, churned: 0, share: 0 },
    ]);
  });

  it('touches are counted by channel and outcome, with the purchases that followed', async () => {
    const { data } = await get(`touches?from=2026-05-01&to=2026-05-31&campaignId=${campaignId}`);
    expect(data).toMatchObject([
      {
        channels: [
          {
            channel: 'email',
            touches: 2,
            outcomes: [
              { outcome: 'sent', touches: 1 },
              { outcome: 'skipped', detail: 'no-consent', touches: 1 },
            ],
            purchases: [{ currency: 'EUR', purchases: 1, revenueMinor: 2_001 }],
          },
        ],
      },
    ]);
  });

  it('the forecasts are judged against what they promised and a plain baseline', async () => {
    const { data } = await get('forecast-record?from=2026-06-01');
    expect(data).toMatchObject([
      {
        judged: 2,
        withWindow: 2,
        insideWindow: 1,
        insideShare: 0.5,
        promisedShare: 0.8,
        medianErrorDays: 5,
        medianBaselineErrorDays: 10,
      },
    ]);
  });

  it('all that came in is counted once', async () => {
    expect(await get('customers')).toMatchObject({
      customersWithPurchases: 2,
      returningCustomers: 1,
      repeatPurchaseRate: 0.5,
      orders: 5,
      purchaseDays: 4,
      revenue: [
        { currency: 'EUR', orders: 4, revenueMinor: 10_001 },
        { currency: 'USD', orders: 1, revenueMinor: 500 },
      ],
    });
  });

  it('the gauges show the overview', async () => {
    // Another process that scrapes for the first time: no cached answer stands in the way.
    const other = await testApi(metrics, db, '2026-06-15T12:00:00Z');
    const text = await other.metrics.registry.metrics();
    await other.close();
    expect(text).toContain('regulars_repeat_purchase_share{service="metrics"} 1\n');
    expect(text).toContain('regulars_segment_share{segment="periodic",service="metrics"} 0.5');
    expect(text).toContain('regulars_revenue_minor{currency="EUR",service="metrics"} 2001');
  });

  it.each([
    ['revenue', undefined, 401],
    ['revenue', 'segments:read', 403],
    ['revenue?from=2026-02-30', 'reports:read', 400],
    ['revenue?from=2026-05-02&to=2026-05-01', 'reports:read', 400],
    ['revenue?by=day&from=2020-01-01', 'reports:read', 400],
    ['revenue?by=year', 'reports:read', 400],
    ['revenue?segment=vip', 'reports:read', 400],
    ['revenue?sort=day', 'reports:read', 400],
    ['touches?campaignId=1', 'reports:read', 400],
  ] as const)('%s with %s is answered by %d', async (path, scope, status) => {
    expect(await api.get(`/v1/reports/${path}`, scope)).toMatchObject({ status });
  });
});

function judged(errorDays: number, insideWindow: boolean): StreamEvent<'forecast-record'> {
  return {
    ...meta(steady),
    stream: 'forecast-record',
    type: 'ForecastJudged',
    data: {
      customerId: steady,
      purchaseId: newId(),
      purchaseDay: '2026-06-10',
      forecast: {
        window: { from: '2026-06-01', to: '2026-06-12', probability: 0.8 },
        predictability: { state: 'ok' },
        modelVersion: 'test-1',
        basis: 'own data',
      },
      insideWindow,
      errorDays,
      baselineErrorDays: 10,
    },
  };
}
