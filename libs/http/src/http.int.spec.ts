import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { testDatabase, type TestDatabase } from '@regulars/testing';
import { SalesController, shopApp } from './test/shop-app.js';
import { testKeys, type TestKeys } from './test/test-keys.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const sale = { orderId: 'a-1', lines: [{ product: 'tea', quantity: 2 }] };

describe('the API around a service', () => {
  let db: TestDatabase;
  let keys: TestKeys;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    db = await testDatabase({ service: 'shop' });
    await db.dataSource.query('create table sales (order_id text primary key)');
    keys = await testKeys();
    app = await shopApp({ database: db, apiKeys: keys.keys });
  });
  afterAll(async () => {
    await app.close();
    await keys.remove();
    await db.drop();
  });

  const post = (payload: string | Buffer | object, headers: Record<string, string> = {}) =>
    app.inject({
      method: 'POST',
      url: '/v1/sales',
      headers: { authorization: `Bearer ${keys.text.till}`, ...JSON_TYPE, ...headers },
      payload,
    });
  const get = (url: string, key: string = keys.text.admin) =>
    app.inject({ method: 'GET', url, headers: { authorization: `Bearer ${key}` } });

  describe('lets in', () => {
    it('a key with the scope, and answers with status and headers of the effect', async () => {
      const answer = await post(sale);

      expect(answer.statusCode).toBe(201);
      expect(answer.json()).toEqual({ orderId: 'a-1' });
      expect(answer.headers['location']).toBe('/v1/sales/a-1');
    });

    it('any of the scopes of a route, and admin everywhere', async () => {
      expect((await get('/v1/sales', keys.text.reader)).statusCode).toBe(200);
      expect((await get('/v1/sales', keys.text.admin)).statusCode).toBe(200);
    });

    it.each([
      ['garbage', () => 'Bearer rk_1_2'],
      ['another scheme', () => 'Basic cm9vdDpyb290'],
      ['a revoked key', () => `Bearer ${keys.text.revoked}`],
      ['an expired key', () => `Bearer ${keys.text.expired}`],
      [
        'a right id with a wrong secret',
        () => `Bearer ${keys.text.till.slice(0, -43)}${'A'.repeat(43)}`,
      ],
    ])('not %s: 401 with one body', async (_what, authorization) => {
      const answer = await app.inject({
        method: 'GET',
        url: '/v1/sales',
        headers: { authorization: authorization() },
      });

      expect(answer.statusCode).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Bearer');
      expect({ ...answer.json<object>(), traceId: '' }).toEqual({
        type: 'https://regulars.example/problems/wrong-key',
        title: 'A valid API key is needed',
        status: 401,
        detail: 'Send a key that exists and is in force.',
        code: 'wrong-key',
        instance: '/v1/sales',
        traceId: '',
      });
    });

    it('nobody without a key, before the body is read', async () => {
      const answer = await app.inject({
        method: 'POST',
        url: '/v1/sales',
        payload: '{',
        headers: JSON_TYPE,
      });

      expect(answer.statusCode).toBe(401);
      expect(answer.json()).toMatchObject({ code: 'no-key' });
    });

    it('no key without the scope, and names the scope', async () => {
      const answer = await get('/v1/sales', keys.text.till);

      expect(answer.statusCode).toBe(403);
      expect(answer.json()).toMatchObject({
        code: 'missing-scope',
        detail: 'This needs a key with the scope customers:read or reports:read.',
      });
    });
  });

  describe('answers errors', () => {
    it('as a problem that tells nothing of the code', async () => {
      const answer = await get('/u/boom');

      expect(answer.statusCode).toBe(500);
      expect(answer.headers['content-type']).toBe('application/problem+json');
      expect(answer.json()).toMatchObject({ code: 'internal', status: 500, instance: '/u/boom' });
      expect(answer.body).not.toMatch(/TypeError|Till|select|\.ts/);
    });

    it('for paths that are none', async () => {
      expect((await get('/v2/nothing')).json()).toMatchObject({
        status: 404,
        code: 'no-such-route',
      });
      expect((await get('/v1/sales/%zz')).statusCode).toBe(400);
      expect((await get(`/v1/sales/${'9'.repeat(300)}`)).statusCode).toBe(414);
    });

    it('with the trace of a valid traceparent, and a new one else', async () => {
      const traceId = '0af7651916cd43dd8448eb211c80319c';
      const traced = (traceparent: string) =>
        app
          .inject({ url: '/v2/nothing', headers: { traceparent } })
          .then((answer) => answer.json<{ traceId: string }>());

      expect((await traced(`00-${traceId}-b7ad6b7169203331-01`)).traceId).toBe(traceId);
      expect((await traced(`00-${traceId}-0000000000000000-01\r\n`)).traceId).toMatch(
        /^[0-9a-f]{32}$/,
      );
      expect((await traced(`00-${traceId}-0000000000000000-01`)).traceId).not.toBe(traceId);
    });

    it('of the database as 503 with Retry-After', async () => {
      const lost = await shopApp({ database: gone(), apiKeys: keys.keys });
      const answer = await lost.inject({
        method: 'POST',
        url: '/v1/sales',
        headers: { authorization: `Bearer ${keys.text.till}` },
        payload: sale,
      });
      await lost.close();

      expect(answer.statusCode).toBe(503);
      expect(answer.headers['retry-after']).toBe('5');
      expect(answer.json()).toMatchObject({ code: 'unavailable' });
    });
  });

  it('sets the security headers on answers and refusals alike', async () => {
    for (const answer of [
      await get('/v1/sales'),
      await get('/nothing'),
      await get('/v1/sales/%zz'),
    ]) {
      expect(answer.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      });
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('does not start with a route that names no scope', async () => {
    const descriptor = Object.getOwnPropertyDescriptor(SalesController.prototype, 'read');
    const read = descriptor?.value as object;
    const scope: unknown = Reflect.getMetadata('regulars:access', read);
    Reflect.deleteMetadata('regulars:access', read);
    try {
      await expect(shopApp({ database: db, apiKeys: keys.keys })).rejects.toThrow(
        /Say who may call SalesController\.read/,
      );
    } finally {
      Reflect.defineMetadata('regulars:access', scope, read);
    }
  });

  function gone(): TestDatabase {
    const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:5432'), {
      code: 'ECONNREFUSED',
    });
    return { withTransaction: () => Promise.reject(refused) } as unknown as TestDatabase;
  }
});
