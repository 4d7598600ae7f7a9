import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@regulars/kernel';
import { MetricsRegistry } from '@regulars/observability';
import { outboxEntities, outboxMigrations } from '@regulars/outbox';
import { driftOf, testDatabase, type TestDatabase } from '@regulars/testing';
import { timersEntities, timersMigrations, type LeasedTimer } from '@regulars/timers';
import { testApi, type TestApi } from './api.builders.spec.js';
import { Decisions } from './cycle-segment/decisions.use-case.js';
import {
  aForecast,
  aMerge,
  anErasure,
  aPurchase,
  aRegistration,
  aTombstone,
  inBatch,
} from './cycle-segment/events.builders.spec.js';
import { OnBoundary } from './cycle-segment/on-boundary.js';
import { OnForecasts } from './cycle-segment/on-forecasts.js';
import { SegmentMetrics } from './cycle-segment/segment.metrics.js';
import { OnCustomers } from './customer-facts/on-customers.js';
import { OnPurchases } from './customer-facts/on-purchases.js';
import { segmentation } from './segmentation.js';

// A busy machine may take its time; a hang still ends.
const config = { timeZone: 'Europe/Berlin' };
const registry = new MetricsRegistry('segmentation');
const decisions = new Decisions(config, new SegmentMetrics(registry));
const onForecasts = new OnForecasts(config, decisions);
const onCustomers = new OnCustomers(config, decisions);
const onBoundary = new OnBoundary(config, decisions);
const onPurchases = new OnPurchases();

let db: TestDatabase;
let api: TestApi;
beforeAll(async () => {
  db = await testDatabase({
    service: 'segmentation',
    entities: [...segmentation.entities, ...outboxEntities, ...timersEntities],
    migrations: [...segmentation.migrations, ...outboxMigrations, ...timersMigrations],
  });
  api = await testApi(segmentation, db, '2026-03-10T12:00:00Z');
});
afterAll(async () => {
  await api.close();
  await db.drop();
});
beforeEach(async () => {
  await db.dataSource.query(
    'truncate customers, orders, forecasts, memberships, segment_changes, inbox, outbox, timers',
  );
});

const read = <T extends object>(text: string) => db.dataSource.query<T[]>(text);
const published = async () =>
  (await read<{ value: Buffer }>('select value from outbox order by sequence')).map(
    ({ value }) => (JSON.parse(value.toString()) as { data: Record<string, unknown> }).data,
  );

it('has the tables that its entities say', async () => {
  expect(await driftOf(db)).toEqual([]);
});

describe('a forecast', () => {
  it('moves the customer, sets the timer at local midnight and tells the others', async () => {
    const customerId = newId();
    await inBatch(db, (tx) => onCustomers.handle([aRegistration(customerId)], tx));
    await inBatch(db, (tx) => onForecasts.handle([aForecast(customerId)], tx));

    expect(await published()).toEqual([
      expect.objectContaining({ to: 'no-purchase', cause: 'registered', day: '2026-03-01' }),
      expect.objectContaining({
        from: 'no-purchase',
        to: 'regular',
        cause: 'purchase',
        day: '2026-03-02',
        inputs: expect.objectContaining({ pRegular: 0.9, pRegularLimit: 0.8, pNoCycle: 0.01 }),
      }),
    ]);
    expect(await read('select kind, key, due_at from timers')).toEqual([
      // 1 July begins in Berlin at 22:00 UTC.
      { kind: 'segment-boundary', key: customerId, due_at: new Date('2026-06-30T22:00:00Z') },
    ]);
  });

  it('changes nothing when it comes again', async () => {
    const events = [aForecast(newId()), aForecast(newId(), { purchaseCount: 2 })];
    await inBatch(db, (tx) => onForecasts.handle(events, tx));
    const once = await everything();

    const notes = await inBatch(db, (tx) => onForecasts.handle(events, tx));
    expect(notes).toEqual({ duplicate: 2 });
    expect(await everything()).toEqual(once);
  });

  it('that is old never replaces a newer one, also redriven', async () => {
    const customerId = newId();
    const old = aForecast(customerId, { purchaseCount: 1, newUntilDay: '2026-04-01' });
    await inBatch(db, (tx) => onForecasts.handle([aForecast(customerId)], tx));
    const once = await everything();

    const notes = await inBatch(db, (tx) => onForecasts.handle([old], tx), true);
    expect(notes).toEqual({ superseded: 1 });
    expect(await everything()).toEqual(once);
  });

  it('that is gone makes no-purchase and takes the timer away', async () => {
    const customerId = newId();
    const events = [aForecast(customerId), aTombstone(customerId)];
    await inBatch(db, (tx) => onForecasts.handle(events, tx));
    expect(await read('select segment, cause from memberships')).toEqual([
      { segment: 'no-purchase', cause: 'correction' },
    ]);
    expect(await read('select key from timers')).toEqual([]);
  });
});

describe('time', () => {
  it('makes a silent customer lost on the day, once', async () => {
    const customerId = newId();
    await inBatch(db, (tx) => onForecasts.handle([aForecast(customerId)], tx));
    const due = await leased();
    await db.withTransaction((tx) => onBoundary.fire(due, tx));
    await db.withTransaction((tx) => onBoundary.fire(due, tx));

    expect((await published()).slice(1)).toEqual([
      expect.objectContaining({ to: 'lost', lostKind: 'lapsed', cause: 'time', day: '2026-07-01' }),
    ]);
    expect(await leased()).toEqual([]);
  });

  it('leaves a customer alone whose forecast moved the boundary meanwhile', async () => {
    const customerId = newId();
    await inBatch(db, (tx) => onForecasts.handle([aForecast(customerId)], tx));
    const due = await leased();
    const later = aForecast(customerId, { lostDay: '2026-08-01' });
    await inBatch(db, (tx) => onForecasts.handle([later], tx));
    await db.withTransaction((tx) => onBoundary.fire(due, tx));

    expect(await read('select segment from memberships')).toEqual([{ segment: 'regular' }]);
    expect(await leased()).toHaveLength(1);
  });
});

describe('an erased customer', () => {
  it('leaves nothing but the id, and later events nothing at all', async () => {
    const customerId = newId();
    await inBatch(db, (tx) => onCustomers.handle([aRegistration(customerId)], tx));
    await inBatch(db, (tx) => onPurchases.handle([aPurchase(customerId)], tx));
    await inBatch(db, (tx) => onForecasts.handle([aForecast(customerId)], tx));
    await inBatch(db, (tx) => onCustomers.handle([anErasure(customerId)], tx));
    expect((await published()).at(-1)).toMatchObject({
      rows: { orders: 1, forecasts: 1, memberships: 1, segment_changes: 2 },
    });

    await inBatch(db, (tx) => onForecasts.handle([aForecast(customerId)], tx));
    await inBatch(db, (tx) => onPurchases.handle([aPurchase(customerId)], tx));
    await inBatch(db, (tx) => onCustomers.handle([aRegistration(customerId)], tx));
    for (const table of ['orders', 'forecasts', 'memberships', 'segment_changes', 'timers']) {
      expect(await read(`select * from ${table}`)).toEqual([]);
    }
  });
});

describe('the API', () => {
  it('tells sizes, members and one customer with numbers and a sentence', async () => {
    const regular = newId();
    const single = newId();
    const merged = newId();
    const once = { purchaseCount: 1, newUntilDay: '2026-04-01' };
    await inBatch(db, (tx) =>
      onForecasts.handle([aForecast(regular), aForecast(single, once), aForecast(merged)], tx),
    );
    await inBatch(db, (tx) => onPurchases.handle([aPurchase(regular)], tx));
    await inBatch(db, (tx) => onCustomers.handle([aMerge(merged, regular)], tx));

    const sizes = await api.get('/v1/segments', 'segments:read');
    expect(sizes.body).toMatchObject({ customersWithPurchases: 2 });
    expect(sizes.body['data']).toContainEqual({ segment: 'regular', customers: 1, share: 0.5 });
    expect(sizes.body['data']).toContainEqual({
      segment: 'lost',
      lostKind: 'lapsed',
      customers: 0,
      share: 0,
    });

    const members = await api.get('/v1/segments/regular/customers?limit=1', 'segments:read');
    expect(members.body).toMatchObject({
      data: [{ customerId: regular, since: '2026-03-02', inputs: { purchaseCount: 5 } }],
      page: { hasMore: false },
    });

    const customer = await api.get(`/v1/segments/customers/${single}`, 'segments:read');
    expect(customer.body).toMatchObject({
      segment: 'new',
      sentence:
        'New: bought once, last 9 days ago, still within the usual time to a second purchase (until 2026-04-01).',
      history: [{ to: 'new', cause: 'purchase' }],
    });
  });

  it('walks a segment page by page without loss', async () => {
    const ids = Array.from({ length: 5 }, () => newId());
    await inBatch(db, (tx) =>
      onForecasts.handle(
        ids.map((id) => aForecast(id)),
        tx,
      ),
    );
    const seen: string[] = [];
    for (let after = ''; after !== 'end';) {
      const url = `/v1/segments/regular/customers?limit=2${after}`;
      const { body } = await api.get(url, 'segments:read');
      seen.push(...(body['data'] as { customerId: string }[]).map(({ customerId }) => customerId));
      const { next } = body['page'] as { next: string | null };
      after = next === null ? 'end' : `&after=${next}`;
    }
    expect(seen).toEqual([...ids].sort());
  });

  it.each([
    ['/v1/segments', undefined, 401],
    ['/v1/segments', 'purchases:write', 403],
    ['/v1/segments/vip/customers', 'segments:read', 404],
    ['/v1/segments/lost/customers?limit=0', 'segments:read', 400],
    ['/v1/segments/lost/customers?lostKind=bored', 'segments:read', 400],
    ['/v1/segments/lost/customers?after=x', 'segments:read', 400],
    ['/v1/segments/customers/1', 'segments:read', 400],
    [`/v1/segments/customers/${newId()}`, 'segments:read', 404],
  ] as const)('refuses %s with %s by %d', async (url, scope, status) => {
    expect(await api.get(url, scope)).toMatchObject({ status });
  });
});

async function leased(): Promise<LeasedTimer[]> {
  return read<LeasedTimer>('select id, kind, key, due_at as "dueAt", data from timers');
}

async function everything() {
  const tables = ['forecasts', 'memberships', 'segment_changes', 'outbox', 'timers'];
  return Promise.all(tables.map((table) => read(`select * from ${table} order by 1`)));
}
