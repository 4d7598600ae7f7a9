import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { request } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { metricsText, MetricsRegistry } from '@regulars/observability';
import { Database } from '@regulars/persistence';
import { eventually } from '@regulars/testing';
import type { HttpOptions } from './http-options.js';
import { buildOpenApi } from './openapi.js';
import { shopApp } from './test/shop-app.js';
import { testKeys, type TestKeys } from './test/test-keys.js';

/** Transactions that wait until somebody lets them go. */
function heldDatabase(): { database: Database; waiting: () => number; release: () => void } {
  const held: (() => void)[] = [];
  const database = Object.create(Database.prototype) as Database;
  database.withTransaction = () =>
    new Promise((resolve) => {
      held.push(() => {
        resolve({ status: 201, body: {} } as never);
      });
    });
  return {
    database,
    waiting: () => held.length,
    release: () => {
      for (const go of held.splice(0)) go();
    },
  };
}

describe('under overload', () => {
  let keys: TestKeys;
  let app: NestFastifyApplication | undefined;
  let metrics: MetricsRegistry;
  const ground = heldDatabase();

  beforeEach(async () => {
    keys = await testKeys();
    metrics = new MetricsRegistry('shop');
  });
  afterEach(async () => {
    ground.release();
    await app?.close();
    await keys.remove();
  });

  async function start(http: Partial<HttpOptions>): Promise<NestFastifyApplication> {
    app = await shopApp({ database: ground.database, apiKeys: keys.keys, metrics, http });
    return app;
  }
  const sell = (shop: NestFastifyApplication, payload: object = { orderId: 'A', lines: [] }) =>
    shop.inject({
      method: 'POST',
      url: '/v1/sales',
      headers: { authorization: `Bearer ${keys.text.admin}` },
      payload,
    });

  describe('by a backlog', () => {
    it('refuses marked routes before the body is judged, and takes them again after', async () => {
      let why: string | undefined = 'The cellar is full.';
      const shop = await start({ behind: () => why });
      const refused = await sell(shop, { nonsense: true });

      expect(refused.statusCode).toBe(503);
      expect(refused.headers['retry-after']).toBe('5');
      expect(refused.headers['content-type']).toBe('application/problem+json');
      expect(refused.json()).toMatchObject({
        code: 'overloaded',
        detail: expect.stringMatching(/^The cellar is full. Nothing was done. /),
      });
      expect(await metricsText([metrics])).toContain(
        'regulars_http_refusals_total{reason="overloaded",service="shop"} 1',
      );

      why = undefined;
      expect((await sell(shop, { nonsense: true })).statusCode).toBe(400);
    });

    it('refuses neither what is not marked nor health', async () => {
      const shop = await start({ behind: () => 'The cellar is full.' });
      const authorization = `Bearer ${keys.text.admin}`;
      const voided = await shop.inject({
        method: 'POST',
        url: '/v1/sales/01890000-0000-7000-8000-000000000000/void',
        headers: { authorization },
      });

      expect(voided.statusCode).toBe(200);
      expect((await shop.inject('/health/live')).statusCode).toBe(200);
    });

    it('still tells strangers that they are strangers', async () => {
      const shop = await start({ behind: () => 'The cellar is full.' });

      expect((await shop.inject({ method: 'POST', url: '/v1/sales' })).statusCode).toBe(401);
    });

    it('says so in the docs of the routes that it is about', async () => {
      const { paths } = buildOpenApi(await start({}), 'shop');

      expect(paths['/v1/sales']?.post?.description).toContain('`overloaded`');
      expect(paths['/v1/sales']?.get?.description).not.toContain('`overloaded`');
    });
  });

  describe('by requests under way', () => {
    it('refuses the one too many, health excepted, until another one is through', async () => {
      const shop = await start({ requestsAtOnce: 2 });
      const under = [sell(shop), sell(shop)];
      await eventually(() => ground.waiting() === 2);
      const refused = await sell(shop);

      expect(refused.statusCode).toBe(503);
      expect(refused.headers['retry-after']).toBe('1');
      expect(refused.json()).toMatchObject({ code: 'overloaded' });
      expect((await shop.inject('/health/ready')).statusCode).toBe(200);

      ground.release();
      for (const answer of await Promise.all(under)) expect(answer.statusCode).toBe(201);
      const next = sell(shop);
      await eventually(() => ground.waiting() === 1);
      ground.release();
      expect((await next).statusCode).toBe(201);
    });

    it('forgets callers who went away', async () => {
      const shop = await start({ requestsAtOnce: 1 });
      await shop.listen(0, '127.0.0.1');
      const gone = request(`${await shop.getUrl()}/v1/sales`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${keys.text.admin}`,
          'content-type': 'application/json',
        },
      });
      gone.on('error', () => undefined);
      gone.end(JSON.stringify({ orderId: 'A', lines: [] }));
      await eventually(() => ground.waiting() === 1);
      expect((await sell(shop, { nonsense: true })).statusCode).toBe(503);

      gone.destroy();
      await eventually(async () => (await sell(shop, { nonsense: true })).statusCode === 400);
    });
  });
});
