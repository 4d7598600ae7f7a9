import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  addApiKey,
  ApiKeys,
  buildOpenApi,
  createApiKey,
  createHttpApp,
  httpEntities,
  httpMigrations,
  type ScopeName,
} from '@regulars/http';
import { addDays, newId, standingClock } from '@regulars/kernel';
import { createLogger, HealthRegistry, MetricsRegistry } from '@regulars/observability';
import { sql } from '@regulars/persistence';
import { PlatformModule, QuiescenceProbes } from '@regulars/service';
import { eventually, testDatabase, type TestDatabase } from '@regulars/testing';
import { TimerClaimer, TimersModule } from '@regulars/timers';
import { DriftWatch } from './models/drift-watch.use-case.js';
import { ModelThreads } from './models/model-threads.use-case.js';
import { PredictionModule } from './prediction.module.js';
import { OnPurchases } from './purchase-history/on-purchases.js';
import { aPurchase, config, inBatch, predictionTables } from './shop.kit.spec.js';

type App = Awaited<ReturnType<typeof createHttpApp>>;

// Real: Nest with all its wiring, HTTP, Postgres, timers. Left out: the log.
describe('the API of prediction', () => {
  const clock = standingClock(new Date('2026-07-01T10:00:00Z'));
  const [due, overdue, once, lost] = [newId(), newId(), newId(), newId()];
  let database: TestDatabase;
  let app: App;
  let keysFolder: string;
  let keys: ApiKeys;
  const texts = new Map<ScopeName, string>();

  beforeAll(async () => {
    database = await testDatabase({
      ...predictionTables,
      entities: [...predictionTables.entities, ...httpEntities],
      migrations: [...predictionTables.migrations, ...httpMigrations],
      clock,
    });
    keysFolder = await mkdtemp(join(tmpdir(), 'prediction-keys-'));
    for (const scope of ['admin', 'forecasts:read', 'purchases:write'] as const) {
      const { text, record } = createApiKey({
        name: scope,
        scopes: [scope],
        createdBy: 'test',
        now: new Date(),
      });
      await addApiKey(join(keysFolder, 'keys.json'), record);
      texts.set(scope, text);
    }
    keys = await ApiKeys.open(join(keysFolder, 'keys.json'));
    app = await predictionApp();
    const monthly = (id: string, last: string) =>
      Array.from({ length: 7 }, (_, i) => aPurchase(id, { purchaseDay: addDays(last, -30 * i) }));
    const coffee = [{ productId: 'beans', category: 'coffee', quantity: 1, amountMinor: 2_000 }];
    await inBatch(database, app.get(OnPurchases, { strict: false }), [
      ...monthly(due, '2026-06-10').map((event) => {
        // The last purchase is of something else: within the category he has been due for longer.
        const isLast = event.data.purchaseDay === '2026-06-10';
        return isLast ? event : { ...event, data: { ...event.data, lines: coffee } };
      }),
      ...monthly(overdue, '2026-05-25'),
      ...monthly(lost, '2024-05-25'),
      aPurchase(once, { purchaseDay: '2026-06-30' }),
    ]);
  });
  afterAll(async () => {
    await app.close();
    keys.close();
    await rm(keysFolder, { recursive: true });
    await database.drop();
  });

  async function predictionApp(): Promise<App> {
    const metrics = new MetricsRegistry('prediction');
    const probes = new QuiescenceProbes();
    const logger = createLogger({ service: 'prediction', level: 'silent' });
    const platform = { database, clock, config, metrics, probes, logger };
    @Module({ imports: [PlatformModule.of(platform), TimersModule, PredictionModule] })
    class Root {}
    const health = new HealthRegistry();
    const made = await createHttpApp(Root, {
      service: 'prediction',
      apiKeys: keys,
      metrics,
      health,
    });
    await made.init();
    await made.getHttpAdapter().getInstance().ready();
    made.get(ModelThreads, { strict: false }).entry = new URL(
      './models/model-thread.kit.mjs',
      import.meta.url,
    );
    return made;
  }

  const call = async (
    method: 'GET' | 'POST' | 'PUT',
    url: string,
    scope: ScopeName,
    payload?: object,
  ) => {
    const answer = await app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${texts.get(scope) ?? ''}` },
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: answer.statusCode, body: answer.json<Body>() };
  };
  const get = (url: string, scope: ScopeName = 'forecasts:read') => call('GET', url, scope);
  const ids = (body: Body) => body.data.map(({ customerId }) => customerId);

  it('tells both dates of a customer, the fixed one and the one as of today', async () => {
    const { status, body } = await get(`/v1/forecasts/${overdue}`);

    expect(status).toBe(200);
    expect(body).toMatchObject({
      customerId: overdue,
      asOf: '2026-07-01',
      purchaseCount: 7,
      lastPurchaseDay: '2026-05-25',
      daysSinceLastPurchase: 37,
      predictability: { state: 'ok' },
      predictabilityNow: { state: 'ok' },
      calibrated: false,
      expectedPurchaseValue: { amountMinor: 2000, currency: 'EUR' },
      explanation: {
        gapsObserved: 6,
        basis: 'built-in prior',
        sentence: expect.stringMatching(
          /^Buys about every 28 days, steadily; last 37 days ago; expected /,
        ),
      },
      categories: [],
    });
    expect(body['dueDay']).toBe(body['contactDay']);
    expect(String(body['dueDay']) < '2026-07-01').toBe(true);
    expect(String(body['expectedDay']) > '2026-07-01').toBe(true);
    expect(body['overdueByDays']).toBeGreaterThan(0);
  });

  it('gives a reminder day with its basis where no date can be given', async () => {
    const { body } = await get(`/v1/forecasts/${once}`);

    expect(body).toMatchObject({
      // Median of the built-in prior.
      remindDay: addDays('2026-06-30', 37),
      basis: 'built-in prior',
      predictability: { state: 'unpredictable', reason: 'wide-window' },
    });
    expect(body).not.toHaveProperty('dueDay');
    expect(body).not.toHaveProperty('expectedDay');
  });

  it('lists who is due within days and who is overdue, the lost left out', async () => {
    expect(ids((await get('/v1/forecasts?dueWithin=14d')).body)).toEqual([due]);
    expect(ids((await get('/v1/forecasts?overdue=true')).body)).toEqual([overdue]);
    expect(ids((await get('/v1/forecasts?dueWithin=14d&overdue=true')).body)).toEqual([
      overdue,
      due,
    ]);
    expect(ids((await get('/v1/forecasts')).body)).toEqual([lost, overdue, due, once]);
  });

  it('counts a whole list on request', async () => {
    const total = async (url: string) => ((await get(url)).body.page as { total?: number }).total;
    expect(await total('/v1/forecasts?limit=1&count=exact')).toBe(4);
    expect(await total('/v1/forecasts?dueWithin=14d&count=exact')).toBe(1);
    expect(await total('/v1/forecasts')).toBeUndefined();
  });

  it('lists who is due within a category, by the days within it', async () => {
    const { body } = await get('/v1/forecasts?category=coffee&overdue=true&count=exact');

    expect(body.page).toMatchObject({ total: 1, hasMore: false });
    const [row] = body.data as readonly InCategory[];
    expect(row).toMatchObject({
      customerId: due,
      category: { category: 'coffee', lastPurchaseDay: '2026-05-11', purchaseCount: 6 },
    });
    expect((row?.category.contactDay ?? '?') < '2026-07-01').toBe(true);
    expect(ids((await get('/v1/forecasts?category=tea')).body)).toEqual([]);
    expect((await get('/v1/forecasts?category=')).status).toBe(400);
  });

  it('holds the probabilities of a category under those of the customer', async () => {
    const { body } = await get(`/v1/forecasts/${due}`);

    const [within] = body['categories'] as readonly Probable[];
    const all = body as unknown as Probable;
    for (const horizon of ['d14', 'd30', 'd90', 'd365'] as const) {
      const probability = within?.purchaseProbability[horizon] ?? Number.NaN;
      expect(probability).toBeGreaterThan(0);
      expect(probability).toBeLessThanOrEqual(all.purchaseProbability[horizon]);
      const expected = within?.expectedPurchases[horizon] ?? Number.NaN;
      expect(expected).toBeLessThanOrEqual(all.expectedPurchases[horizon]);
    }
  });

  it('pages by contact day', async () => {
    const seen: string[] = [];
    let next: string | null = null;
    do {
      const after: string = next === null ? '' : `&after=${next}`;
      const { body } = await get(`/v1/forecasts?limit=1${after}`);
      seen.push(...ids(body));
      next = body.page.next;
    } while (next !== null);

    expect(seen).toEqual([lost, overdue, due, once]);
  });

  it.each([
    ['/v1/forecasts/not-an-id', 400, 'invalid-request'],
    [`/v1/forecasts/${newId()}`, 404, 'no-such-forecast'],
    ['/v1/forecasts?dueWithin=fortnight', 400, 'invalid-request'],
    ['/v1/forecasts?within=14d', 400, 'invalid-request'],
    ['/v1/forecasts?after=garbage', 400, 'bad-cursor'],
    [
      `/v1/forecasts?after=${Buffer.from('["2026-02-31","x"]').toString('base64url')}`,
      400,
      'bad-cursor',
    ],
  ])('refuses %s with %i', async (url, status, code) => {
    expect(await get(url)).toMatchObject({ status, body: { code } });
  });

  it('is closed to keys without the scope', async () => {
    expect((await get('/v1/forecasts', 'purchases:write')).status).toBe(403);
    expect((await get('/v1/models')).status).toBe(403);
    expect((await call('POST', '/v1/models/rescore', 'forecasts:read')).status).toBe(403);
  });

  it('tells of a fit that fails, and tries it again later', async () => {
    const threads = app.get(ModelThreads, { strict: false });
    const sound = threads.entry;
    threads.entry = new URL(
      `data:text/javascript,import { parentPort } from 'node:worker_threads';
       parentPort.on('message', () => parentPort.postMessage({ failure: { message: 'out of memory' } }));`,
    );
    await call('POST', '/v1/models/refit', 'admin');

    app.get(TimerClaimer, { strict: false }).start();

    await eventually(
      async () => {
        expect((await get('/v1/models', 'admin')).body['refits']).toMatchObject({
          failedInARow: 0,
          pending: {
            asOf: '2026-07-01',
            attempts: 1,
            failure: 'out of memory',
            nextAttemptAt: new Date(clock.now().getTime() + 15 * 60_000).toISOString(),
          },
        });
      },
      { withinMs: 120_000 },
    );
    threads.entry = sound;
  });

  it('refits and rescores on request, and tells how far it has come', async () => {
    expect((await get('/v1/models', 'admin')).body.data).toMatchObject([
      { basis: 'built-in prior', active: true },
    ]);
    const { status, body } = await call('POST', '/v1/models/rescore?asOf=2026-06-30', 'admin');
    expect(status).toBe(202);
    expect(body).toMatchObject({ state: 'running', fitPending: true, asOf: '2026-06-30' });
    let run: Record<string, unknown> = body;

    await eventually(
      async () => {
        run = (await get(String(body['url']), 'admin')).body;
        expect(run).toMatchObject({ state: 'done', customers: 4, fitPending: false });
      },
      { withinMs: 120_000 },
    );
    expect((await get('/v1/models', 'admin')).body.data).toMatchObject([
      {
        version: run['modelVersion'],
        active: true,
        basis: 'blend',
        customers: 4,
        fittedAsOf: '2026-06-30',
        gate: { verdict: 'not enough data' },
      },
    ]);
    expect((await get('/v1/models', 'admin')).body['refits']).toEqual({
      failedInARow: 0,
      notBefore: '2026-09-28',
    });
    expect(run['modelVersion']).not.toBe(body['modelVersion']);
    expect((await get(`/v1/forecasts/${due}`)).body['modelVersion']).toBe(run['modelVersion']);
  });

  it('backtests on request, beside the baselines, and keeps the report', async () => {
    expect((await get('/v1/models/backtests/standing', 'admin')).status).toBe(404);
    const { status, body } = await call('POST', '/v1/models/backtest', 'admin');
    expect(status).toBe(202);
    expect(body).toMatchObject({ state: 'running', asOf: '2026-07-01' });

    await eventually(
      async () => {
        const { body: run } = await get(String(body['url']), 'admin');
        expect(run).toMatchObject({ state: 'done', report: { judged: ['purchase cycle'] } });
        expect(run['done']).toBe(run['of']);
      },
      { withinMs: 120_000 },
    );
    expect((await get('/v1/models/backtests/standing', 'admin')).body['id']).toBe(body['id']);
    expect((await get('/v1/models', 'admin')).body['backtest']).toMatchObject({
      id: body['id'],
      url: body['url'],
      forecasters: expect.arrayContaining([
        expect.objectContaining({ name: 'purchase cycle' }),
        expect.objectContaining({ name: 'logistic RFM' }),
      ]),
    });
  });

  it('holds purchases against what was expected, with a refit only where they have parted', async () => {
    await app.get(DriftWatch, { strict: false }).look('2026-07-01');

    expect(await app.get(MetricsRegistry, { strict: false }).registry.metrics()).toMatch(
      /regulars_drift_ratio\{service="prediction"\} \d/,
    );
  });

  it('refuses a day that does not exist', async () => {
    const answer = await call('POST', '/v1/models/rescore?asOf=2026-02-30', 'admin');
    expect(answer).toMatchObject({ status: 400, body: { code: 'no-such-day' } });
  });

  it('refuses a day that has not come', async () => {
    const answer = await call('POST', '/v1/models/rescore?asOf=9999-12-31', 'admin');
    expect(answer).toMatchObject({ status: 422, body: { code: 'as-of-in-future' } });
  });

  it('takes stated cycles, and refuses what is none', async () => {
    const stated = { all: 60, categories: [{ category: 'coffee', days: 30 }], products: [] };

    const { status, body } = await call('PUT', '/v1/models/stated-cycles', 'admin', stated);

    expect(status).toBe(200);
    expect(body).toMatchObject({ ...stated, rescoring: { state: 'running' } });
    expect((await get('/v1/models/stated-cycles', 'admin')).body).toEqual(stated);
    await eventually(async () => {
      expect((await get(`/v1/forecasts/${once}`)).body).toMatchObject({ basis: 'stated' });
    });
    for (const wrong of [
      { all: 0 },
      { all: null },
      { every: 3 },
      { products: [{ productId: 'a b', days: 1 }] },
    ]) {
      expect((await call('PUT', '/v1/models/stated-cycles', 'admin', wrong)).status).toBe(400);
    }
  });

  it('looks at its model once a day', async () => {
    const rows = await database.query(sql`
      select key, due_at as "dueAt" from timers where kind = 'refit'`);

    // 3:30 in Berlin, which is on summer time.
    expect(rows).toEqual([{ key: 'daily', dueAt: new Date('2026-07-02T01:30:00Z') }]);
  });

  it('describes itself', () => {
    const paths = buildOpenApi(app, 'prediction').paths;

    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/v1/forecasts', '/v1/forecasts/{customerId}', '/v1/models/rescore']),
    );
  });
});

type Body = Record<string, unknown> & {
  readonly data: readonly { readonly customerId: string }[];
  readonly page: { readonly next: string | null };
};

type ByHorizon = Readonly<Record<'d14' | 'd30' | 'd90' | 'd365', number>>;

interface InCategory {
  readonly customerId: string;
  readonly category: { readonly contactDay: string };
}

interface Probable {
  readonly purchaseProbability: ByHorizon;
  readonly expectedPurchases: ByHorizon;
}
