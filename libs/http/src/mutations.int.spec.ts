import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { metricsText, MetricsRegistry } from '@regulars/observability';
import { sql } from '@regulars/persistence';
import { driftOf, eventually, testDatabase, type TestDatabase } from '@regulars/testing';
import { httpEntities, httpMigrations } from './http-entities.js';
import { idempotency, purgeExpiredAnswers } from './idempotency.store.js';
import { shopApp, Till } from './test/shop-app.js';
import { testKeys, type TestKeys } from './test/test-keys.js';

describe('a call with an Idempotency-Key', () => {
  let db: TestDatabase;
  let keys: TestKeys;
  let app: NestFastifyApplication;
  let till: Till;
  let metrics: MetricsRegistry;

  beforeAll(async () => {
    db = await testDatabase({
      service: 'shop',
      entities: httpEntities,
      migrations: httpMigrations,
    });
    await db.dataSource.query('create table sales (order_id text)');
    keys = await testKeys();
    till = new Till();
    metrics = new MetricsRegistry('shop');
    app = await shopApp({ database: db, apiKeys: keys.keys, till, metrics });
  });
  afterAll(async () => {
    await app.close();
    await keys.remove();
    await db.drop();
  });
  beforeEach(async () => {
    till.beforeCommit = () => Promise.resolve();
    await db.dataSource.query('truncate sales, idempotency_keys');
  });

  const sell = (orderId: string, key: string | undefined, as: 'till' | 'admin' = 'till') =>
    app.inject({
      method: 'POST',
      url: '/v1/sales',
      headers: {
        authorization: `Bearer ${keys.text[as]}`,
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      payload: { orderId, lines: [] },
    });
  const sales = () => db.query<{ order_id: string }>(sql`select order_id from sales`);

  it('has its effect once and gets the first answer again', async () => {
    const first = await sell('a', 'key-1');
    const second = await sell('a', 'key-1');

    expect(first.statusCode).toBe(201);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(second.statusCode).toBe(201);
    expect(second.body).toBe(first.body);
    expect(second.headers['location']).toBe('/v1/sales/a');
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(await sales()).toHaveLength(1);
  });

  it('has its effect each time without one', async () => {
    await sell('a', undefined);
    await sell('a', undefined);

    expect(await sales()).toHaveLength(2);
  });

  it('gets a refusal again too, and what the effect wrote before it is undone', async () => {
    const first = await sell('taken', 'key-1');
    const second = await sell('taken', 'key-1');

    expect(first.statusCode).toBe(409);
    expect(first.headers['content-type']).toBe('application/problem+json');
    expect(first.json()).toMatchObject({ code: 'sale-differs', instance: '/v1/sales' });
    expect(second.statusCode).toBe(409);
    expect(second.body).toBe(first.body);
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(await metricsText([metrics])).toContain('{reason="sale-differs",service="shop"} 2');
    expect(await sales()).toHaveLength(0);
  });

  it('is refused when the body differs', async () => {
    await sell('a', 'key-1');
    const other = await sell('b', 'key-1');

    expect(other.statusCode).toBe(422);
    expect(other.json()).toMatchObject({ code: 'idempotency-key-reused' });
    expect(await sales()).toHaveLength(1);
  });

  it('belongs to the API key that made it', async () => {
    await sell('a', 'key-1', 'till');
    const other = await sell('b', 'key-1', 'admin');

    expect(other.statusCode).toBe(201);
    expect(await sales()).toHaveLength(2);
  });

  it('does not wait for a call of another API key', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<undefined>();
    let running = 0;
    till.beforeCommit = async () => {
      running += 1;
      if (running === 1) await held;
    };
    const first = sell('a', 'key-1', 'till');
    await eventually(() => running === 1);
    const other = await sell('b', 'key-1', 'admin');
    release(undefined);

    expect(other.statusCode).toBe(201);
    expect((await first).statusCode).toBe(201);
  });

  it('is told to wait while the first call runs', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<undefined>();
    let running = false;
    till.beforeCommit = async () => {
      running = true;
      await held;
    };
    const first = sell('a', 'key-1');
    await eventually(() => running);
    const second = await sell('a', 'key-1');
    release(undefined);

    expect(second.statusCode).toBe(409);
    expect(second.json()).toMatchObject({ code: 'request-in-progress' });
    expect(second.headers['retry-after']).toBe('1');
    expect((await first).statusCode).toBe(201);
    expect((await sell('a', 'key-1')).headers['idempotency-replayed']).toBe('true');
    expect(await sales()).toHaveLength(1);
  });

  it('can be repeated after a crash: nothing was kept, nothing is locked', async () => {
    till.beforeCommit = () => Promise.reject(new Error('killed'));
    const first = await sell('a', 'key-1');
    till.beforeCommit = () => Promise.resolve();
    const second = await sell('a', 'key-1');

    expect(first.statusCode).toBe(500);
    expect(second.statusCode).toBe(201);
    expect(second.headers['idempotency-replayed']).toBeUndefined();
    expect(await sales()).toHaveLength(1);
  });

  it('has one effect however many calls race', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => sell('a', 'key-1')));

    expect(await sales()).toHaveLength(1);
    const effects = answers.filter(
      (answer) => answer.statusCode === 201 && !answer.headers['idempotency-replayed'],
    );
    expect(effects).toHaveLength(1);
    expect(answers.every((answer) => [201, 409].includes(answer.statusCode))).toBe(true);
  });

  it.each(['', 'a b', 'ü', 'x'.repeat(256)])('must be usable: %j is refused', async (key) => {
    const answer = await sell('a', key);

    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'bad-idempotency-key' });
  });

  it('is forgotten after its time', async () => {
    await sell('a', 'key-1');
    await db.query(sql`update idempotency_keys set expires_at = now() - interval '1 second'`);
    const late = await sell('b', 'key-1');
    await db.query(sql`update idempotency_keys set expires_at = now() - interval '1 second'`);

    expect(late.statusCode).toBe(201);
    expect(await db.withTransaction((tx) => purgeExpiredAnswers(tx))).toBe(1);
    expect(await db.withTransaction((tx) => purgeExpiredAnswers(tx))).toBe(0);
  });

  it('is kept 24 hours', async () => {
    await sell('a', 'key-1');

    const [row] = await db.query<{ hours: number }>(
      sql`select extract(epoch from expires_at - now())::float / 3600 as hours from idempotency_keys`,
    );
    expect(row?.hours).toBeCloseTo(24, 1);
  });

  it('is purged by its index', async () => {
    const plan = await db.withTransaction(async (tx) => {
      await tx.query(sql`set local enable_seqscan = off`);
      return tx.query<{ 'QUERY PLAN': string }>(
        sql`explain select 1 from idempotency_keys where expires_at <= now() order by expires_at limit 10`,
      );
    });

    expect(JSON.stringify(plan)).toContain('idempotency_keys_expires_at');
  });

  describe('in a batch of requests', () => {
    const asked = (key: string, fingerprint = 'f') => ({ apiKeyId: 'till', key, fingerprint });

    it('is judged one by one: fresh, replayed, reused, twice in the batch', async () => {
      await db.withTransaction((tx) =>
        idempotency(tx).finish([
          { request: asked('old'), answer: { status: 201, body: { b: 1, a: 2 } } },
          { request: asked('shed'), answer: { status: 503, body: null } },
        ]),
      );

      const begun = await db.withTransaction((tx) =>
        idempotency(tx).begin([
          asked('new'),
          asked('old'),
          asked('old', 'g'),
          asked('new'),
          asked('shed'),
        ]),
      );

      expect(begun).toEqual([
        { kind: 'fresh' },
        { kind: 'replay', answer: { status: 201, headers: {}, body: { b: 1, a: 2 } } },
        { kind: 'reused' },
        { kind: 'in-progress' },
        { kind: 'fresh' },
      ]);
    });
  });

  it('has a table as its entity describes it', async () => {
    const drift = await driftOf(db);

    expect(drift.filter((statement) => !statement.includes('"sales"'))).toEqual([]);
  });
});
