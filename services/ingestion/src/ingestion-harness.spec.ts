import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { decodeEvent, topicByName, type Consumed, type Stream } from '@regulars/contracts';
import { addApiKey, ApiKeys, createApiKey, createHttpApp, type ScopeName } from '@regulars/http';
import { standingClock } from '@regulars/kernel';
import { createLogger, HealthRegistry, MetricsRegistry } from '@regulars/observability';
import { raiseEpoch } from '@regulars/outbox';
import { sql } from '@regulars/persistence';
import { PlatformModule, QuiescenceProbes, tablesOf, type ServiceConfig } from '@regulars/service';
import { testDatabase, type TestDatabase } from '@regulars/testing';
import { ingestion } from './ingestion.js';

// The whole service starts in `beforeAll`: seconds on a machine that runs other suites beside.
/** Noon in Berlin. */
export const now = new Date('2026-03-02T11:00:00Z');

export type AnyEvent = { [S in Stream]: Consumed<S> }[Stream];

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The real service over real HTTP and Postgres, without log and relay: what it tells others is read in its outbox. */
export interface IngestionApi {
  readonly db: TestDatabase;
  readonly app: NestFastifyApplication;
  readonly metrics: MetricsRegistry;
  readonly url: string;
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Reply>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Reply>;
  get(path: string): Promise<Reply>;
  keyWith(...scopes: ScopeName[]): Promise<string>;
  events(): Promise<AnyEvent[]>;
  forgetEvents(): Promise<void>;
  close(): Promise<void>;
}

export async function startIngestion(env: Record<string, string> = {}): Promise<IngestionApi> {
  const clock = standingClock(now);
  const db = await testDatabase({ service: 'ingestion', clock, ...tablesOf(ingestion) });
  await raiseEpoch(db);
  const folder = await mkdtemp(join(tmpdir(), 'ingestion-'));
  const keysFile = join(folder, 'keys.json');
  const keyWith = async (...scopes: ScopeName[]) => {
    const { text, record } = createApiKey({
      name: 'test',
      scopes,
      createdBy: 'test',
      now: new Date(),
    });
    await addApiKey(keysFile, record);
    return text;
  };
  const key = await keyWith('purchases:write', 'customers:write', 'customers:read');
  const apiKeys = await ApiKeys.open(keysFile);
  const metrics = new MetricsRegistry('ingestion');
  const config = { timeZone: 'Europe/Berlin', currency: 'EUR', defaultCountry: 'DE', env };
  const platform = PlatformModule.of({
    database: db,
    clock,
    config: config as unknown as ServiceConfig,
    metrics,
    probes: new QuiescenceProbes(),
    logger: createLogger({ service: 'ingestion', level: 'silent' }),
  });
  const app = await createHttpApp(
    { module: Root, imports: [platform, ingestion.module] },
    {
      service: 'ingestion',
      apiKeys,
      metrics,
      health: new HealthRegistry(),
      rateLimitPerMinute: 1e6,
    },
  );
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();

  const send: IngestionApi['send'] = async (method, path, body, headers = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? {} : JSON.parse(text)) as Reply['body'],
    };
  };

  return {
    db,
    app,
    metrics,
    url,
    send,
    post: (path, body, headers) => send('POST', path, body, headers),
    get: (path) => send('GET', path),
    keyWith: async (...scopes) => {
      const text = await keyWith(...scopes);
      await apiKeys.refresh();
      return text;
    },
    events: () => outboxEvents(db),
    forgetEvents: async () => {
      await db.query(sql`delete from outbox`);
    },
    close: async () => {
      await app.close();
      apiKeys.close();
      await db.drop();
      await rm(folder, { recursive: true });
    },
  };
}

@Module({})
class Root {}

/** What the outbox holds, as consumers would read it. */
export async function outboxEvents(db: TestDatabase): Promise<AnyEvent[]> {
  const rows = await db.query<{
    epoch: number;
    sequence: number;
    id: string;
    topic: string;
    key: Buffer;
    type: string;
    version: number;
    value: Buffer | null;
  }>(
    sql`select epoch, sequence, id, topic, key, type, version, value from outbox order by sequence`,
  );
  return rows.map((row) => {
    const stream = topicByName(row.topic)?.stream ?? 'customer';
    const headers = {
      type: row.type,
      version: String(row.version),
      id: row.id,
      epoch: String(row.epoch),
      sequence: String(row.sequence),
    };
    return decodeEvent(stream, row.key.toString(), headers, row.value);
  });
}

let orders = 0;

/** A valid purchase; override only the point. */
export function aPurchase(over: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    source: 'shop',
    orderId: `O-${String(++orders)}`,
    customer: { phone: '+49 30 901820' },
    purchasedAt: '2026-03-01T10:00:00+01:00',
    total: { amountMinor: 1_177, currency: 'EUR' },
    ...over,
  };
}
