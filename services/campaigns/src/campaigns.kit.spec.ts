import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  decodeEvent,
  topicByName,
  type Consumed,
  type Stream,
  type StreamEvent,
} from '@regulars/contracts';
import { addApiKey, ApiKeys, createApiKey, createHttpApp } from '@regulars/http';
import { SimulatedClock } from '@regulars/kernel';
import type { BatchHandler, BatchTransaction, Outcome } from '@regulars/messaging';
import { HealthRegistry, MetricsRegistry } from '@regulars/observability';
import { raiseEpoch } from '@regulars/outbox';
import { sql } from '@regulars/persistence';
import { PlatformModule, QuiescenceProbes, tablesOf, type ServiceConfig } from '@regulars/service';
import { eventually, testDatabase, type TestDatabase } from '@regulars/testing';
import { TimerClaimer, TimersModule } from '@regulars/timers';
import { campaigns } from './campaigns.js';
import { OnCustomerProfiles } from './customers/on-customer-profiles.js';
import { OnCustomers } from './customers/on-customers.js';
import { OnSegments } from './customers/on-segments.js';
import { OnForecasts } from './forecasts/on-forecasts.js';
import { OnPurchases } from './purchases/on-purchases.js';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Bodies of all routes; each test knows the one it asked for.
  readonly body: Record<string, unknown>;
}

/** The real service on a real Postgres and real HTTP; handlers get batches as the port gives them, time is simulated. */
export interface Shop {
  readonly db: TestDatabase;
  readonly app: NestFastifyApplication;
  readonly clock: SimulatedClock;
  readonly metrics: MetricsRegistry;
  /** Hands events to their handlers, one batch per run of the same stream. */
  receive(events: readonly Consumed<Stream>[]): Promise<Partial<Record<Outcome, number>>>;
  /** Lets time pass up to the instant, firing every timer at its due time. */
  until(instant: string): Promise<void>;
  post(path: string, body?: unknown): Promise<Reply>;
  put(path: string, body?: unknown): Promise<Reply>;
  get(path: string, headers?: Record<string, string>): Promise<Reply>;
  /** Everything told to other services since the last call. */
  told(): Promise<Consumed<Stream>[]>;
  close(): Promise<void>;
}

export interface ShopOptions {
  readonly now: string;
  readonly timeZone?: string;
  readonly env?: Record<string, string>;
  /** A second replica on the same tables. */
  readonly database?: TestDatabase;
}

export async function openShop(options: ShopOptions): Promise<Shop> {
  const clock = new SimulatedClock(new Date(options.now));
  const db = await testDatabase({ service: 'campaigns', clock, ...tablesOf(campaigns) });
  await raiseEpoch(db);
  const folder = await mkdtemp(join(tmpdir(), 'campaigns-'));
  const keysFile = join(folder, 'keys.json');
  const { text: key, record } = createApiKey({
    name: 'test',
    scopes: ['campaigns:read', 'campaigns:write', 'tasks:write'],
    createdBy: 'test',
    now: new Date(),
  });
  await addApiKey(keysFile, record);
  const apiKeys = await ApiKeys.open(keysFile);
  const metrics = new MetricsRegistry('campaigns');
  const config = {
    timeZone: options.timeZone ?? 'Europe/Berlin',
    currency: 'EUR',
    defaultCountry: 'DE',
    env: options.env ?? {},
  };
  const platform = PlatformModule.of({
    database: db,
    clock,
    config: config as unknown as ServiceConfig,
    metrics,
    probes: new QuiescenceProbes(),
  });
  const app = await createHttpApp(
    { module: Root, imports: [platform, TimersModule, campaigns.module] },
    {
      service: 'campaigns',
      apiKeys,
      metrics,
      health: new HealthRegistry(),
      rateLimitPerMinute: 1e6,
    },
  );
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const timers = app.get(TimerClaimer, { strict: false });
  timers.start();
  let seen = 0;

  const send = async (
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply> => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: (json ? JSON.parse(text) : {}) as Record<string, unknown>,
    };
  };

  const settle = async (): Promise<void> => {
    timers.wake();
    await eventually(async () => !(await timers.busy()));
  };

  return {
    db,
    app,
    clock,
    metrics,
    receive: (events) => receive(app, db, events),
    until: async (instant) => {
      const end = new Date(instant);
      for (;;) {
        await settle();
        const next = await timers.nextDueAt();
        if (!next || next > end) break;
        clock.jumpTo(next);
      }
      clock.jumpTo(end);
      await settle();
    },
    post: (path, body = {}) => send('POST', path, body),
    put: (path, body = {}) => send('PUT', path, body),
    get: (path, headers) => send('GET', path, undefined, headers),
    told: async () => {
      const events = await outboxEvents(db, seen);
      seen = events.at(-1)?.sequence ?? seen;
      return events;
    },
    close: async () => {
      await timers.stop();
      await app.close();
      apiKeys.close();
      await db.drop();
      await rm(folder, { recursive: true });
    },
  };
}

@Module({})
class Root {}

const handlers = {
  customer: OnCustomers,
  'customer-profile': OnCustomerProfiles,
  purchase: OnPurchases,
  forecast: OnForecasts,
  segment: OnSegments,
} as const;

async function receive(
  app: NestFastifyApplication,
  db: TestDatabase,
  events: readonly Consumed<Stream>[],
): Promise<Partial<Record<Outcome, number>>> {
  const noted: Partial<Record<Outcome, number>> = {};
  const batches: Consumed<Stream>[][] = [];
  for (const event of events) {
    const last = batches.at(-1);
    if (last?.[0]?.stream === event.stream) last.push(event);
    else batches.push([event]);
  }
  for (const batch of batches) {
    const stream = batch[0]?.stream as keyof typeof handlers;
    const handler = app.get<BatchHandler<never>>(handlers[stream], { strict: false });
    await db.withTransaction(async (tx) => {
      const batchTx: BatchTransaction = {
        ...tx,
        clock: db.clock,
        group: 'campaigns',
        redriving: false,
        note: (outcome, count) => {
          noted[outcome] = (noted[outcome] ?? 0) + count;
        },
      };
      await handler.handle(batch as never, batchTx);
    });
  }
  return noted;
}

async function outboxEvents(db: TestDatabase, after: number): Promise<Consumed<Stream>[]> {
  const rows = await db.query<{
    epoch: number;
    sequence: number;
    id: string;
    topic: string;
    key: Buffer;
    type: string;
    version: number;
    value: Buffer | null;
  }>(sql`
    select epoch, sequence, id, topic, key, type, version, value from outbox
    where sequence > ${after} order by sequence`);
  return rows.map((row) => {
    const stream = topicByName(row.topic)?.stream ?? 'touch';
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

export type TouchEvents = StreamEvent<'touch'>;
