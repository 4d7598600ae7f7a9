import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { HealthRegistry, metricsText, MetricsRegistry } from '@regulars/observability';
import { Database } from '@regulars/persistence';
import type { HttpOptions } from './http-options.js';
import { listRoutes } from './http-routes.js';
import { buildOpenApi, mergeOpenApi } from './openapi.js';
import { shopApp } from './test/shop-app.js';
import { testKeys, type TestKeys } from './test/test-keys.js';

// No route of these tests reaches the database.
const noDatabase = Object.create(Database.prototype) as Database;

describe('around the routes of a service', () => {
  let keys: TestKeys;
  let app: NestFastifyApplication | undefined;

  beforeEach(async () => {
    keys = await testKeys();
  });
  afterEach(async () => {
    await app?.close();
    await keys.remove();
  });

  async function start(
    http: Partial<HttpOptions> = {},
    metrics = new MetricsRegistry('shop'),
  ): Promise<NestFastifyApplication> {
    app = await shopApp({ database: noDatabase, apiKeys: keys.keys, metrics, http });
    return app;
  }
  const list = (shop: NestFastifyApplication, key = keys.text.reader) =>
    shop.inject({ url: '/v1/sales', headers: { authorization: `Bearer ${key}` } });

  describe('rate limits', () => {
    it('tell what is left, and then refuse with Retry-After', async () => {
      const shop = await start({ rateLimitPerMinute: 2 });
      const startedAt = performance.now();
      const first = await list(shop);
      const second = await list(shop);
      const third = await list(shop);
      const tookS = (performance.now() - startedAt) / 1_000;

      expect(first.headers['ratelimit-policy']).toBe('"default";q=2;w=60');
      expect(first.headers['ratelimit']).toBe('"default";r=1;t=30');
      expect(second.statusCode).toBe(200);
      expect(third.statusCode).toBe(429);
      expect(Number(third.headers['retry-after'])).toBeLessThanOrEqual(30);
      expect(Number(third.headers['retry-after'])).toBeGreaterThanOrEqual(30 - tookS);
      expect(third.json()).toMatchObject({ code: 'rate-limited' });
    });

    it('are one per key, and none for health', async () => {
      const shop = await start({ rateLimitPerMinute: 1 });
      await list(shop);

      expect((await list(shop)).statusCode).toBe(429);
      expect((await list(shop, keys.text.admin)).statusCode).toBe(200);
      for (let i = 0; i < 3; i += 1) {
        expect((await shop.inject('/health/live')).statusCode).toBe(200);
      }
    });

    it('count the real peer on public routes, whatever X-Forwarded-For says', async () => {
      const shop = await start({ rateLimitPerMinute: 1 });
      const hook = (forged: string) =>
        shop.inject({ method: 'POST', url: '/u/hook', headers: { 'x-forwarded-for': forged } });
      await hook('198.51.100.1');

      expect((await hook('198.51.100.2')).statusCode).toBe(429);
    });
  });

  describe('metrics', () => {
    it('stand at zero before any traffic, for each route', async () => {
      const metrics = new MetricsRegistry('shop');
      await start({}, metrics);
      const text = await metricsText([metrics]);

      expect(text).toContain(
        'regulars_http_requests_total{route="/v1/sales/:id",method="GET",status="5xx",service="shop"} 0',
      );
      expect(text).toContain(
        'regulars_http_refusals_total{reason="missing-scope",service="shop"} 0',
      );
      expect(text).not.toContain('regulars_http_request_duration_seconds_count{');
    });

    it('count by template and class, never by what a caller wrote', async () => {
      const metrics = new MetricsRegistry('shop');
      const shop = await start({}, metrics);
      await list(shop);
      await list(shop, 'rk_0_0');
      await shop.inject({ method: 'PROPFIND', url: '/v1/<script>' });
      const text = await metricsText([metrics]);

      expect(text).toContain('{route="/v1/sales",method="GET",status="2xx",service="shop"} 1');
      expect(text).toContain('{route="/v1/sales",method="GET",status="4xx",service="shop"} 1');
      expect(text).toContain('{reason="wrong-key",service="shop"} 1');
      expect(text).toContain('{route="unmatched",method="other",status="4xx",service="shop"} 1');
      expect(text).toContain(
        'regulars_http_request_duration_seconds_count{service="shop",route="/v1/sales",method="GET"} 2',
      );
      expect(text).not.toContain('script');
    });
  });

  describe('health', () => {
    it('is live whatever is missing, and ready when nothing is', async () => {
      const health = new HealthRegistry();
      let broken = false;
      health.register('postgres', () => {
        if (broken) throw new Error('connect ECONNREFUSED 10.1.2.3');
      });
      const shop = await start({ health });

      expect((await shop.inject('/health/ready')).json()).toEqual({
        status: 'ready',
        checks: ['postgres'],
      });
      broken = true;
      const answer = await shop.inject('/health/ready');
      expect(answer.statusCode).toBe(503);
      expect(answer.json()).toMatchObject({ code: 'not-ready', failed: ['postgres'] });
      expect(answer.body).not.toContain('10.1.2.3');
      expect((await shop.inject('/health/live')).statusCode).toBe(200);
    });
  });

  describe('docs', () => {
    it('are OpenAPI 3.1 with keys, problems and Idempotency-Key on each route they hold for', async () => {
      const shop = await start();
      const document = buildOpenApi(shop, 'shop');
      const add = document.paths['/v1/sales']?.post;

      expect(document.openapi).toBe('3.1.0');
      expect(add?.security).toEqual([{ key: [] }]);
      expect(add?.description).toContain('`purchases:write`');
      expect(Object.keys(add?.responses ?? {})).toEqual(
        expect.arrayContaining(['400', '401', '403', '409', '413', '415', '422', '429', '503']),
      );
      expect(JSON.stringify(add?.parameters)).toContain('Idempotency-Key');
      expect(document.paths['/health/live']?.get?.security).toBeUndefined();
      expect(document.components?.schemas?.['Problem']).toBeDefined();
    });

    it('name every route that the application has', async () => {
      const shop = await start();
      const { paths } = buildOpenApi(shop, 'shop');
      const named = Object.entries(paths).flatMap(([path, item]) =>
        Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
      );
      const routes = listRoutes(shop)
        .filter(({ path }) => !path.startsWith('/docs') && path !== '/openapi.json')
        .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);

      expect(new Set(routes)).toEqual(new Set(named));
    });

    it('are served from our own origin, under a policy that runs nothing else', async () => {
      const shop = await start();
      const page = await shop.inject('/docs');
      const sources = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(
        ([, source]) => source,
      );

      expect(page.headers['content-security-policy']).toContain("script-src 'self'");
      expect(page.body).not.toContain('<script>');
      for (const source of sources) {
        expect((await shop.inject(`/${source ?? ''}`)).statusCode).toBe(200);
      }
      expect((await shop.inject('/openapi.json')).json()).toMatchObject({ openapi: '3.1.0' });
    });

    it('are not there when turned off', async () => {
      const shop = await start({ docs: false });

      expect((await shop.inject('/docs')).statusCode).toBe(404);
      expect((await shop.inject('/openapi.json')).statusCode).toBe(404);
    });

    it('of several services become one', async () => {
      const shop = buildOpenApi(await start(), 'shop');
      const other = { ...shop, paths: { '/v1/reports': {} } };

      const merged = mergeOpenApi([shop, other]);
      expect(Object.keys(merged.paths)).toEqual([...Object.keys(shop.paths), '/v1/reports']);
      expect(merged.info.title).toBe('Regulars');
    });
  });

  describe('keys', () => {
    it('every route refuses strangers unless it says that it is public', async () => {
      const shop = await start();
      const open: string[] = [];
      for (const { method, path } of listRoutes(shop)) {
        const url = path.replaceAll(':id', '01890000-0000-7000-8000-000000000000');
        const answer = await shop.inject({ method: method as 'GET', url });
        if (answer.statusCode !== 401) open.push(`${method} ${path}`);
      }

      expect(open.filter((route) => !route.includes('/docs'))).toEqual([
        'GET /openapi.json',
        'GET /health/live',
        'GET /health/ready',
        'POST /u/stop',
        'POST /u/hook',
        'GET /u/boom',
      ]);
    });

    it('a Fastify route beside the controllers is closed unless it says who may call it', async () => {
      app = undefined;
      const shop = await shopApp({
        database: noDatabase,
        apiKeys: keys.keys,
        beforeInit: (fastify) => fastify.get('/raw', () => 'open'),
      });
      app = shop;

      expect((await shop.inject('/raw')).statusCode).toBe(403);
    });
  });
});
