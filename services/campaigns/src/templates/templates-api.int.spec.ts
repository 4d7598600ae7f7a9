import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import type { ServiceConfig } from '@regulars/config';
import {
  ApiKeys,
  createApiKey,
  createHttpApp,
  httpEntities,
  httpMigrations,
  writeApiKeys,
  type ScopeName,
} from '@regulars/http';
import { systemClock } from '@regulars/kernel';
import { createLogger, HealthRegistry, MetricsRegistry } from '@regulars/observability';
import { PlatformModule, QuiescenceProbes } from '@regulars/service';
import { testDatabase, type TestDatabase } from '@regulars/testing';
import { ChannelsModule } from '../channels/channels.module.js';
import { templateEntities, templateMigrations, TemplatesModule } from './index.js';

let folder: string;
let database: TestDatabase;
let app: Awaited<ReturnType<typeof createHttpApp>>;
let apiKeys: ApiKeys;
const keys = new Map(
  (['campaigns:read', 'campaigns:write', 'purchases:write'] as const).map((scope) => [
    scope as ScopeName,
    createApiKey({ name: scope, scopes: [scope], createdBy: 'test', now: new Date(0) }),
  ]),
);
const env = {
  REGULARS_SMTP_URL: 'smtps://mailer:hunter2@smtp.shop.example',
  REGULARS_SMTP_FROM: 'Corner Shop <hello@shop.example>',
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regulars-templates-'));
  database = await testDatabase({
    service: 'campaigns',
    entities: [...httpEntities, ...templateEntities],
    migrations: [...httpMigrations, ...templateMigrations],
  });
  const path = join(folder, 'keys.json');
  await writeApiKeys(
    path,
    [...keys.values()].map(({ record }) => record),
  );
  apiKeys = await ApiKeys.open(path);
  const metrics = new MetricsRegistry('campaigns');
  const config = { timeZone: 'UTC', currency: 'EUR', env } as unknown as ServiceConfig;
  const probes = new QuiescenceProbes();
  const logger = createLogger({ service: 'campaigns', level: 'silent' });
  @Module({
    imports: [
      PlatformModule.of({ database, clock: systemClock, config, metrics, probes, logger }),
      ChannelsModule,
      TemplatesModule,
    ],
  })
  class Root {}
  const health = new HealthRegistry();
  app = await createHttpApp(Root, { service: 'campaigns', apiKeys, metrics, health });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});
afterAll(async () => {
  await app.close();
  apiKeys.close();
  await database.drop();
  await rm(folder, { recursive: true });
});

interface Call {
  readonly body?: object;
  readonly scope?: ScopeName;
  readonly headers?: Record<string, string>;
}

async function call(method: 'GET' | 'POST', url: string, { body, scope, headers }: Call = {}) {
  const used =
    scope ??
    (method === 'POST' && !url.endsWith('/preview') ? 'campaigns:write' : 'campaigns:read');
  const answer = await app.inject({
    method,
    url,
    headers: { authorization: `Bearer ${keys.get(used)?.text ?? ''}`, ...headers },
    ...(body && { payload: body }),
  });
  const text = answer.body;
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>(), text };
}

const email = {
  subject: 'Hello {{ customer.name }}',
  text: 'Hello',
  html: '<p>{{ customer.name }}</p>',
};
const aTemplate = {
  key: 'welcome',
  title: 'Welcome',
  contents: { email, task: { text: 'Call.' } },
};

describe('/v1/templates', () => {
  it('saves versions, and answers the same words with the version that holds them', async () => {
    const first = await call('POST', '/v1/templates', { body: aTemplate });
    const again = await call('POST', '/v1/templates', { body: aTemplate });
    const next = await call('POST', '/v1/templates', { body: { ...aTemplate, title: 'Hi' } });

    expect(first).toMatchObject({ status: 201, body: { ...aTemplate, version: 1 } });
    expect(again).toMatchObject({ status: 200, body: { version: 1 } });
    expect(next).toMatchObject({ status: 201, body: { version: 2 } });
    expect(await call('GET', '/v1/templates/welcome')).toMatchObject({ body: { title: 'Hi' } });
  });

  it('lists built-in and own templates, page by page', async () => {
    const found: unknown[] = [];
    let url: string | undefined = '/v1/templates?limit=2';
    while (url !== undefined) {
      const { body } = await call('GET', url);
      found.push(...(body['data'] as { key: string }[]).map(({ key }) => key));
      const { next } = body['page'] as { next: string | null };
      url = next === null ? undefined : `/v1/templates?limit=2&after=${next}`;
    }

    expect(found).toEqual(['direct-offer', 'presence', 'reminder', 'welcome']);
  });

  it('previews with an invented customer and escapes what is typed', async () => {
    const body = { channel: 'email', version: 1, customerName: '<script>' };

    expect(await call('POST', '/v1/templates/welcome/preview', { body })).toMatchObject({
      status: 200,
      body: { subject: 'Hello <script>', html: '<p>&lt;script&gt;</p>' },
    });
  });

  it.each([
    [{ ...aTemplate, key: 'Not A Key' }, 400, '/key'],
    [{ ...aTemplate, isAdmin: true }, 400, '/isAdmin'],
    [{ ...aTemplate, contents: { fax: { text: 'x' } } }, 400, '/contents/fax'],
    [{ ...aTemplate, contents: { email: { text: 'x' } } }, 400, '/contents/email/subject'],
    [
      { ...aTemplate, contents: { task: { text: 'x'.repeat(70_000) } } },
      400,
      '/contents/task/text',
    ],
    [
      { ...aTemplate, contents: { task: { text: '{% include "x" %}' } } },
      422,
      '/contents/task/text',
    ],
    [{ ...aTemplate, contents: null }, 400, '/contents'],
  ])('refuses what cannot be a template and points to it (%#)', async (body, status, pointer) => {
    const answer = await call('POST', '/v1/templates', { body });

    expect(answer.status).toBe(status);
    expect(answer.body['errors']).toEqual(
      expect.arrayContaining([expect.objectContaining({ pointer })]),
    );
  });

  it('knows no other keys and versions', async () => {
    const body = { channel: 'email', version: 99 };

    expect((await call('GET', '/v1/templates/no-such')).status).toBe(404);
    expect((await call('POST', '/v1/templates/welcome/preview', { body })).status).toBe(404);
    expect((await call('GET', '/v1/templates/..%2f..%2fetc')).status).toBe(400);
    expect((await call('GET', '/v1/templates?after=forged')).status).toBe(400);
  });

  it('says what keeps a preview from being rendered', async () => {
    const contents = { task: { text: '{{ customer.shoeSize }}' } };
    await call('POST', '/v1/templates', { body: { key: 'asks-too-much', title: 'x', contents } });

    const answer = await call('POST', '/v1/templates/asks-too-much/preview', {
      body: { channel: 'task' },
    });

    expect(answer).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/contents/task/text', code: 'missing-field' }] },
    });
  });

  it('repeats the answer of a call with the same Idempotency-Key', async () => {
    const saved = { body: { ...aTemplate, key: 'once' }, headers: { 'idempotency-key': 'k1' } };

    expect((await call('POST', '/v1/templates', saved)).status).toBe(201);
    expect((await call('POST', '/v1/templates', saved)).status).toBe(201);
  });

  it('is for those who may', async () => {
    const scope = 'purchases:write';

    expect((await call('GET', '/v1/templates', { scope })).status).toBe(403);
    expect(
      (await call('POST', '/v1/templates', { scope: 'campaigns:read', body: aTemplate })).status,
    ).toBe(403);
    expect((await call('GET', '/v1/channels', { scope })).status).toBe(403);
  });
});

describe('/v1/channels', () => {
  it('says what sends and what captures, and no secret', async () => {
    const answer = await call('GET', '/v1/channels');

    expect(answer.body).toEqual({
      data: [
        { channel: 'email', mode: 'live', configured: true, policy: 'at-most-once' },
        { channel: 'webhook', mode: 'capture', configured: false, policy: 'at-least-once' },
      ],
    });
    expect(answer.text).not.toMatch(/hunter2|smtp\.shop/);
  });
});
