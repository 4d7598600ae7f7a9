import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, newId } from '@regulars/kernel';
import type { StreamEvent } from '@regulars/contracts';
import { MetricsRegistry } from '@regulars/observability';
import { outboxEntities, outboxMigrations } from '@regulars/outbox';
import { driftOf, testDatabase, type TestDatabase } from '@regulars/testing';
import { TouchMetrics } from '../gauges/touch.metrics.js';
import { metrics } from '../metrics.js';
import { totalsOf } from '../totals/totals.js';
import {
  aPurchase,
  aSegmentChange,
  aTouch,
  anAnswer,
  anErasure,
  inBatch,
} from './events.builders.spec.js';
import { unknownCustomer, type CustomerHistory } from './customer-history.js';
import { withOrder, withSegment } from './fold-history.js';
import { toOrder, toSegmentEvent } from './from-events.js';
import { OnCustomers } from './on-customers.js';
import { OnPurchases } from './on-purchases.js';
import { OnSegments } from './on-segments.js';
import { OnTouches } from './on-touches.js';

// A busy machine may take its time; a hang still ends.
const config = { timeZone: 'Europe/Berlin' };
const onPurchases = new OnPurchases();
const onSegments = new OnSegments();
const onCustomers = new OnCustomers(config);
const onTouches = new OnTouches(config, new TouchMetrics(new MetricsRegistry('metrics')));

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase({
    service: 'metrics',
    entities: [...metrics.entities, ...outboxEntities],
    migrations: [...metrics.migrations, ...outboxMigrations],
  });
});
afterAll(() => db.drop());
beforeEach(clear);

async function clear(): Promise<void> {
  // Deleting a few rows is ten times quicker than truncating as many tables.
  const tables = [
    'customers',
    'orders',
    'segment_events',
    'touches',
    'purchase_totals',
    'revenue_totals',
    'membership_deltas',
    'touch_totals',
    'touch_purchases',
    'inbox',
    'outbox',
  ];
  await db.dataSource.query(tables.map((table) => `delete from ${table}`).join(';'));
}

describe('the ledger', () => {
  it('has the tables that its entities say', async () => {
    expect(await driftOf(db)).toEqual([]);
  });

  it('changes nothing when the same batch comes again', async () => {
    const customerId = newId();
    const events = [aPurchase(customerId), aPurchase(customerId, { purchaseDay: '2026-06-01' })];
    await inBatch(db, (tx) => onPurchases.handle(events, tx));
    const once = await totals();
    expect(once.purchases).toContainEqual(['month', 'all', '2026-06-01', 1, 1, 1, 1, 0, 1, 31]);

    const notes = await inBatch(db, (tx) => onPurchases.handle(events, tx));
    expect(notes).toEqual({ duplicate: 2 });
    expect(await totals()).toEqual(once);
  });

  it('never puts old over new, also when a dead letter is redriven', async () => {
    const customerId = newId();
    const orderId = newId();
    const recorded = aPurchase(customerId, { orderId, totalMinor: 900 });
    const refund = { orderId, revision: 2, totalMinor: 400, refundedMinor: 500 };
    const refunded = aPurchase(customerId, refund, 'PurchaseRefunded');
    await inBatch(db, (tx) => onPurchases.handle([refunded], tx));
    const once = await totals();

    const notes = await inBatch(db, (tx) => onPurchases.handle([recorded], tx), true);
    expect(notes).toEqual({ superseded: 1 });
    expect(await totals()).toEqual(once);
  });

  it('credits a purchase to the segment that found the customer, also when that becomes known later', async () => {
    const customerId = newId();
    const days = ['2026-05-01', '2026-06-01'].map((purchaseDay) =>
      aPurchase(customerId, { purchaseDay }),
    );
    await inBatch(db, (tx) => onPurchases.handle(days, tx));
    expect((await totals()).revenue).toContainEqual([
      'day',
      'unknown',
      '2026-06-01',
      'EUR',
      1,
      1,
      1_000,
      1_000,
    ]);

    const moved = [
      aSegmentChange(customerId, { to: 'new', day: '2026-05-01' }),
      aSegmentChange(customerId, { to: 'periodic', day: '2026-06-01' }),
    ];
    await inBatch(db, (tx) => onSegments.handle(moved, tx));
    const { revenue } = await totals();
    expect(revenue).toContainEqual(['day', 'new', '2026-06-01', 'EUR', 1, 1, 1_000, 1_000]);
    expect(revenue.filter(([, segment]) => segment === 'unknown')).toEqual([]);
  });

  it('keeps the purchases of an erased customer for the sums, and says so', async () => {
    const customerId = newId();
    await inBatch(db, (tx) => onPurchases.handle([aPurchase(customerId)], tx));
    await inBatch(db, (tx) => onSegments.handle([aSegmentChange(customerId)], tx));
    const before = await totals();
    await inBatch(db, (tx) =>
      onCustomers.handle([anErasure(customerId, '2026-07-01T12:00:00Z')], tx),
    );

    const after = await totals();
    expect(after.purchases).toEqual(before.purchases);
    expect(after.memberships).toContainEqual(['2026-07-01', 'regular', -1]);
    const [receipt] = await db.dataSource.query<{ topic: string; type: string }[]>(
      'select topic, type from outbox',
    );
    expect(receipt).toEqual({ topic: 'regulars.metrics-receipts.v1', type: 'PartErased' });
  });

  it('counts each touch once, under its newest state, and the purchase that followed', async () => {
    const customerId = newId();
    const touchId = newId();
    const campaignId = newId();
    const touch = (type: 'TouchPlanned' | 'TouchSent') =>
      aTouch(customerId, type, { touchId, campaignId });
    await inBatch(db, (tx) => onTouches.handle([touch('TouchPlanned'), touch('TouchSent')], tx));
    await inBatch(db, (tx) =>
      onPurchases.handle([aPurchase(customerId, { purchaseDay: '2026-05-03' })], tx),
    );
    const { touches, touchPurchases } = await totals();
    expect(touches).toEqual([['2026-05-01', 'email', campaignId, 'sent', '', 1]]);
    expect(touchPurchases).toEqual([['2026-05-01', 'email', campaignId, 'EUR', 1, 1_000]]);
  });

  it('leaves a touch on which nobody was reached what it was', async () => {
    const customerId = newId();
    const over = { touchId: newId(), campaignId: newId() };
    const sent = aTouch(customerId, 'TouchSent', over);
    const notReached = anAnswer(customerId, 'not-reached', over);

    await inBatch(db, (tx) => onTouches.handle([sent, notReached], tx));

    const { touches } = await totals();
    expect(touches).toEqual([['2026-05-01', 'email', over.campaignId, 'sent', '', 1]]);
  });

  it('lets batches of other customers on the same days run side by side', async () => {
    const batches = Array.from({ length: 8 }, () =>
      ['2026-05-02', '2026-05-01', '2026-04-30'].map((purchaseDay) =>
        aPurchase(newId(), { purchaseDay }),
      ),
    );
    await Promise.all(batches.map((events) => inBatch(db, (tx) => onPurchases.handle(events, tx))));
    expect((await totals()).revenue).toContainEqual([
      'month',
      'all',
      '2026-05-01',
      'EUR',
      16,
      0,
      16_000,
      0,
    ]);
  });

  it('holds the same totals whatever the order, the batches and the repetitions', async () => {
    const customers = [newId(), newId(), newId()];
    await fc.assert(
      fc.asyncProperty(aHistory(customers), fc.infiniteStream(fc.nat()), async (events, dice) => {
        await clear();
        const delivered = shuffled([...events, ...events.slice(0, 5)], dice);
        for (let index = 0; index < delivered.length;) {
          const size = 1 + (dice.next().value % 6);
          const batch = delivered.slice(index, index + size);
          index += size;
          const purchases = batch.filter((event) => event.stream === 'purchase');
          const segments = batch.filter((event) => event.stream === 'segment');
          // Redriving lets events pass the inbox out of order: the rows alone must keep old from new.
          await inBatch(db, (tx) => onSegments.handle(segments, tx), true);
          await inBatch(db, (tx) => onPurchases.handle(purchases, tx), true);
        }
        expect(await totals()).toEqual(recomputed(customers, events));
      }),
      { numRuns: 25 },
    );
  });
});

type LedgerEvent = StreamEvent<'purchase'> | StreamEvent<'segment'>;

/** Orders that are corrected, refunded and removed, between moves of their customers. */
function aHistory(customers: readonly string[]) {
  const day = fc.integer({ min: 0, max: 70 }).map((offset) => addDays('2026-01-20', offset));
  const change = fc.record({
    kind: fc.constantFrom('purchase', 'purchase', 'segment'),
    customer: fc.constantFrom(...customers),
    order: fc.integer({ min: 1, max: 6 }),
    day,
    type: fc.constantFrom(
      'PurchaseRecorded' as const,
      'PurchaseCorrected' as const,
      'PurchaseRefunded' as const,
      'PurchaseRemoved' as const,
    ),
    totalMinor: fc.integer({ min: 0, max: 5_000 }),
    currency: fc.constantFrom('EUR', 'USD'),
    fullyRefunded: fc.boolean(),
    to: fc.constantFrom('new', 'regular', 'periodic', 'lost', 'one-time'),
    cause: fc.constantFrom('purchase', 'time'),
  });
  return fc.array(change, { minLength: 5, maxLength: 30 }).map((changes) => {
    const revisions = new Map<string, number>();
    return changes.map((one): LedgerEvent => {
      const { customer, to, cause } = one;
      if (one.kind === 'segment') return aSegmentChange(customer, { to, cause, day: one.day });
      const orderId = `order-${String(one.order)}`;
      const revision = (revisions.get(customer + orderId) ?? 0) + 1;
      revisions.set(customer + orderId, revision);
      const { totalMinor, currency, fullyRefunded } = one;
      const state = {
        orderId,
        revision,
        purchaseDay: one.day,
        totalMinor,
        currency,
        fullyRefunded,
      };
      return aPurchase(customer, state, one.type);
    });
  });
}

function shuffled<T>(values: readonly T[], dice: IterableIterator<number>): T[] {
  return values
    .map((value) => ({ value, at: Number(dice.next().value) }))
    .sort((one, other) => one.at - other.at)
    .map(({ value }) => value);
}

/** The totals of the final histories, made at one stroke from the events in their true order. */
function recomputed(customers: readonly string[], events: readonly LedgerEvent[]) {
  const histories = customers.map((customerId) =>
    events
      .filter(({ key }) => key === customerId)
      .reduce<CustomerHistory>((history, event) => {
        const next =
          event.stream === 'purchase'
            ? withOrder(history, toOrder(event))
            : withSegment(history, toSegmentEvent(event));
        return next ?? history;
      }, unknownCustomer(customerId)),
  );
  const all = totalsOf(histories);
  const rows = (name: keyof typeof all, order: readonly number[]) =>
    all[name]
      .entries()
      .map(({ key, counters }) => [...order.map((index) => key[index]), ...counters])
      .sort(byText);
  return {
    purchases: rows('purchases', [0, 2, 1]),
    revenue: rows('revenue', [0, 2, 1, 3]),
    memberships: rows('memberships', [0, 1]),
    touches: rows('touches', [0, 1, 2, 3, 4]),
    touchPurchases: rows('touchPurchases', [0, 1, 2, 3]),
  };
}

async function totals() {
  const read = async (table: string, keys: number) => {
    const rows = await db.dataSource.query<Record<string, string | number>[]>(
      `select * from ${table}`,
    );
    return rows
      .map((row) => Object.values(row))
      .filter((row) => row.slice(keys).some((counter) => counter !== 0))
      .sort(byText);
  };
  return {
    purchases: await read('purchase_totals', 3),
    revenue: await read('revenue_totals', 4),
    memberships: await read('membership_deltas', 2),
    touches: await read('touch_totals', 5),
    touchPurchases: await read('touch_purchases', 4),
  };
}

function byText(one: readonly unknown[], other: readonly unknown[]): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}
