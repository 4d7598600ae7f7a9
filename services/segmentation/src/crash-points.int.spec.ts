import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { newId, standingClock } from '@regulars/kernel';
import { MetricsRegistry } from '@regulars/observability';
import { tablesOf } from '@regulars/service';
import { testDatabase, type TestDatabase } from '@regulars/testing';
import { crashConsumer } from '@regulars/testing/crash';
import { Decisions } from './cycle-segment/decisions.use-case.js';
import {
  aForecast,
  aMerge,
  anErasure,
  aPurchase,
  aRegistration,
  aTombstone,
} from './cycle-segment/events.builders.spec.js';
import { OnForecasts } from './cycle-segment/on-forecasts.js';
import { SegmentMetrics } from './cycle-segment/segment.metrics.js';
import { OnCustomers } from './customer-facts/on-customers.js';
import { OnPurchases } from './customer-facts/on-purchases.js';
import { segmentation } from './segmentation.js';

const config = { timeZone: 'Europe/Berlin' };

/** Real: Postgres, batch processor, inbox, outbox, timers' rows, handlers. */
let db: TestDatabase;
beforeEach(async () => {
  const clock = standingClock(new Date('2026-03-10T12:00:00Z'));
  db = await testDatabase({ service: 'segmentation', clock, ...tablesOf(segmentation) });
});
afterEach(() => db.drop());

it('segmentation, crashed at every effect, ends with what it would have had', async () => {
  const [ann, ben, old] = [newId(), newId(), newId()];
  const batches = [
    [aRegistration(ann), aRegistration(ben)],
    [aPurchase(ann), aPurchase(ben)],
    [aForecast(ann), aForecast(ben, { purchaseCount: 2 })],
    [aTombstone(ann)],
    [aMerge(old, ann), anErasure(ben)],
  ];

  const report = await crashConsumer({
    database: db,
    group: 'segmentation',
    handlers: () => {
      const decisions = new Decisions(
        config,
        new SegmentMetrics(new MetricsRegistry('segmentation')),
      );
      return {
        customer: new OnCustomers(config, decisions),
        purchase: new OnPurchases(),
        forecast: new OnForecasts(config, decisions),
      };
    },
    batches,
  });

  expect(report.differences).toEqual([]);
  expect(report.runs).toBeGreaterThan(40);
});
