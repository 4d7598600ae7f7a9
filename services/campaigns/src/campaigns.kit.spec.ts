import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { decodeEvent, topicByName, type Consumed, type Stream } from '@regulars/contracts';
import { addApiKey, ApiKeys, createApiKey, createHttpApp } from '@regulars/http';
import type { Clock } from '@regulars/kernel';
import type { BatchHandler, BatchTransaction, Outcome } from '@regulars/messaging';
import { createLogger, HealthRegistry, MetricsRegistry } from '@regulars/observability';
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
import { touchBalances } from './touches/touch-balance.store.js';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Bodies of all routes; each test knows the one it asked for.
  readonly body: Record<string, unknown>;
}

/** An event of any stream, as a consumer reads it. */
export type AnyEvent = { [S in Stream]: Consumed<S> }[Stream];

/** Moved by the test; it says that it ticks where a channel must really send. */
export class ShopClock implements Clock {
  constructor(
    private at: Date,
    readonly ticking: boolean,
  ) {}

  now(): Date {
    return new Date(this.at);
  }

  jumpTo(instant: Date): void {
    this.at = instant;
  }
}

/** The real service on a real Postgres and real HTTP; handlers get batches as the port gives them, time is simulated. */
export interface Shop {
  readonly db: TestDatabase;
  /** The database as the service has it. */
  readonly own: TestDatabase;
  readonly app: NestFastifyApplication;
  readonly clock: ShopClock;
  readonly metrics: MetricsRegistry;
  /** Hands events to their handlers, one batch per run of the same stream. */
  receive(
    events: readonly AnyEvent[],
    redriving?: boolean,
  ): Promise<Partial<Record<Outcome, number>>>;
  /** Lets time pass up to the instant, firing every timer at its due time. */
  until(instant: string): Promise<void>;
  post(path: string, body?: unknown): Promise<Reply>;
  put(path: string, body?: unknown): Promise<Reply>;
  get(path: string, headers?: Record<string, string>): Promise<Reply>;
  /** Everything told to other services since the last call. */
  told(): Promise<AnyEvent[]>;
  close(): Promise<void>;
}

export interface ShopOptions {
  readonly now: string;
  readonly timeZone?: string;
  readonly env?: Record<string, string>;
  /** Channels that are configured must see a clock that ticks. */
  readonly live?: boolean;
  /** The test tampers with the records. */
  readonly hasGaps?: boolean;
  /** Another replica on the same tables. */
  readonly beside?: Shop;
  /** What the service gets for its database. */
  readonly through?: (db: TestDatabase) => TestDatabase;
}

export async function openShop(options: ShopOptions): Promise<Shop> {
  const { beside } = options;
  const clock = beside?.clock ?? new ShopClock(new Date(options.now), options.live === true);
  const db =
    beside?.db ?? (await testDatabase({ service: 'campaigns', clock, ...tablesOf(campaigns) }));
  if (!beside) await raiseEpoch(db);
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
  const own = options.through?.(db) ?? db;
  const platform = PlatformModule.of({
    database: own,
    clock,
    config: config as unknown as ServiceConfig,
    metrics,
    probes: new QuiescenceProbes(),
    logger: createLogger({ service: 'campaigns', level: 'silent' }),
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
    own,
    app,
    clock,
    metrics,
    receive: (events, redriving = false) => receive(app, db, events, redriving),
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
      // Whatever a test has played: no touch may be without its record.
      const gaps = (await touchBalances(db)).flatMap((balance) => balance.gaps);
      if (!beside) await db.drop();
      await rm(folder, { recursive: true });
      if (!options.hasGaps) expect(gaps).toEqual([]);
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
  events: readonly AnyEvent[],
  redriving: boolean,
): Promise<Partial<Record<Outcome, number>>> {
  const noted: Partial<Record<Outcome, number>> = {};
  const batches: AnyEvent[][] = [];
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
        redriving,
        note: (outcome, count) => {
          noted[outcome] = (noted[outcome] ?? 0) + count;
        },
      };
      await handler.handle(batch as never, batchTx);
    });
  }
  return noted;
}

async function outboxEvents(db: TestDatabase, after: number): Promise<AnyEvent[]> {
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

/** Touch events as `type step reason`, in order. */
export function touchLines(events: readonly AnyEvent[]): string[] {
  return events.flatMap((event) =>
    event.stream === 'touch'
      ? [`${event.type} ${String(event.data.step)} ${event.data.reason}`]
      : [],
  );
}

/** Creates and starts a campaign; answers its id. */
export async function runCampaign(shop: Shop, over: Record<string, unknown> = {}): Promise<string> {
  const made = await shop.post('/v1/campaigns', {
    name: 'Due soon',
    audience: { segments: ['regular', 'periodic'] },
    trigger: { kind: 'due-day' },
    ...over,
  });
  if (made.status !== 201) throw new Error(`Not created: ${made.text}`);
  const id = String(made.body['id']);
  const started = await shop.post(`/v1/campaigns/${id}/start`);
  if (started.status !== 200) throw new Error(`Not started: ${started.text}`);
  return id;
}

export interface ToldTouch {
  readonly id: string;
  readonly step: number;
  readonly state: string;
  readonly reason: string;
  readonly channel: string;
  readonly dueAt: string;
  readonly answers: readonly { answer: string; note: string | null }[];
  readonly history: readonly {
    at: string;
    state: string;
    reason: string;
    until: string | null;
  }[];
}

/** A customer's touches in the order of their steps. */
export async function touchesOf(shop: Shop, customerId: string): Promise<ToldTouch[]> {
  const { body } = await shop.get(`/v1/touches?customerId=${customerId}&limit=200`);
  return (body['data'] as ToldTouch[]).toSorted((a, b) => (a.dueAt < b.dueAt ? -1 : 1));
}
