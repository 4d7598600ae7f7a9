import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { addDays, newId, standingClock } from '@regulars/kernel';
import { MetricsRegistry } from '@regulars/observability';
import { testDatabase, type TestDatabase } from '@regulars/testing';
import { crashConsumer } from '@regulars/testing/crash';
import { ModelCatalog } from './models/model-catalog.use-case.js';
import { ModelMetrics } from './models/model.metrics.js';
import { OnProducts } from './models/on-products.js';
import { RefitGrowth } from './models/refit-growth.use-case.js';
import { Refits } from './models/refits.use-case.js';
import { ForecastMetrics } from './next-purchase/forecast.metrics.js';
import { NextPurchases } from './next-purchase/next-purchases.use-case.js';
import { OnCustomers } from './purchase-history/on-customers.js';
import { OnPurchases } from './purchase-history/on-purchases.js';
import {
  anErasure,
  aProduct,
  aPurchase,
  config,
  predictionTables,
  revised,
} from './shop.kit.spec.js';

/** Real: Postgres, batch processor, inbox, outbox, handlers. */
describe('prediction, crashed at every effect, ends with what it would have had', () => {
  let db: TestDatabase;
  beforeEach(async () => {
    const clock = standingClock(new Date('2026-07-01T10:00:00Z'));
    db = await testDatabase({ ...predictionTables, clock });
  });
  afterEach(() => db.drop());

  function handlers() {
    const registry = new MetricsRegistry('prediction');
    const modelMetrics = new ModelMetrics(registry);
    const models = new ModelCatalog(modelMetrics);
    const metrics = new ForecastMetrics(registry);
    const next = new NextPurchases(models, metrics, config);
    return {
      product: new OnProducts(new Refits(models, modelMetrics), config),
      purchase: new OnPurchases(next, new RefitGrowth()),
      customer: new OnCustomers(),
    };
  }

  it('of purchases, corrections and an erasure', async () => {
    const [ann, ben] = [newId(), newId()];
    const first = aPurchase(ann, { purchaseDay: '2026-05-01' });
    const batches = [
      [first, aPurchase(ben, { purchaseDay: '2026-05-02' })],
      [
        aPurchase(ann, { purchaseDay: addDays('2026-05-01', 30) }),
        revised(first, 'PurchaseCorrected', { purchaseDay: '2026-04-28' }),
      ],
      [anErasure(ben)],
    ];

    const report = await crashConsumer({ database: db, group: 'prediction', handlers, batches });

    expect(report.differences).toEqual([]);
    expect(report.runs).toBeGreaterThan(30);
  });

  it('of a product, also when it crashes once more', async () => {
    const batches = [[aProduct('p', { consumedInDays: 30 })]];

    const report = await crashConsumer({
      database: db,
      group: 'prediction',
      handlers,
      batches,
      twice: true,
    });

    expect(report.differences).toEqual([]);
    expect(report.runs).toBeGreaterThan(25);
  });
});
