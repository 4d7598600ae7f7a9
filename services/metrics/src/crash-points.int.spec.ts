import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { newId, standingClock } from '@regulars/kernel';
import { MetricsRegistry } from '@regulars/observability';
import { tablesOf } from '@regulars/service';
import { testDatabase, type TestDatabase } from '@regulars/testing';
import { crashConsumer } from '@regulars/testing/crash';
import { OnForecastRecords } from './forecast-record/on-forecast-records.js';
import { TouchMetrics } from './gauges/touch.metrics.js';
import {
  anAnswer,
  anErasure,
  aPurchase,
  aSegmentChange,
  aTouch,
} from './ledger/events.builders.spec.js';
import { OnCustomers } from './ledger/on-customers.js';
import { OnPurchases } from './ledger/on-purchases.js';
import { OnSegments } from './ledger/on-segments.js';
import { OnTouches } from './ledger/on-touches.js';
import { metrics } from './metrics.js';

const config = { timeZone: 'Europe/Berlin' };

/** Real: Postgres, batch processor, inbox, outbox, handlers. */
let db: TestDatabase;
beforeEach(async () => {
  const clock = standingClock(new Date('2026-06-10T12:00:00Z'));
  db = await testDatabase({ service: 'metrics', clock, ...tablesOf(metrics) });
});
afterEach(() => db.drop());

it('metrics, crashed at every effect, ends with the sums that it would have had', async () => {
  const [ann, ben, touchId] = [newId(), newId(), newId()];
  const order = { orderId: newId(), totalMinor: 900 };
  const batches = [
    [aPurchase(ann, order), aPurchase(ben)],
    [aSegmentChange(ann), aSegmentChange(ben, { to: 'one-time' })],
    [aTouch(ann, 'TouchSent', { touchId }), anAnswer(ann, 'yes', { touchId })],
    [
      aPurchase(ann, { ...order, revision: 2, totalMinor: 400 }, 'PurchaseRefunded'),
      aPurchase(ann, { purchaseDay: '2026-06-01' }),
    ],
    [anErasure(ben, '2026-06-02T00:00:00Z')],
  ];

  const report = await crashConsumer({
    database: db,
    group: 'metrics',
    handlers: () => ({
      purchase: new OnPurchases(),
      segment: new OnSegments(),
      touch: new OnTouches(config, new TouchMetrics(new MetricsRegistry('metrics'))),
      customer: new OnCustomers(config),
      'forecast-record': new OnForecastRecords(),
    }),
    batches,
  });

  expect(report.differences).toEqual([]);
  expect(report.runs).toBeGreaterThan(40);
});
