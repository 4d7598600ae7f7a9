import type { ServiceConfig } from '@regulars/config';
import {
  decodeEvent,
  topicByName,
  type Consumed,
  type DeepReadonly,
  type EventData,
  type ForecastUpdated,
  type StreamEvent,
} from '@regulars/contracts';
import { addDays, newId, standingClock, toEpochDay, type Day } from '@regulars/kernel';
import {
  messagingEntities,
  messagingMigrations,
  type BatchHandler,
  type BatchTransaction,
  type Outcome,
} from '@regulars/messaging';
import { MetricsRegistry } from '@regulars/observability';
import { outboxEntities, outboxMigrations } from '@regulars/outbox';
import { sql, type Transaction } from '@regulars/persistence';
import { testDatabase, type TestDatabase } from '@regulars/testing';
import { timersEntities, timersMigrations } from '@regulars/timers';
import { engine } from './models/engine.js';
import { ModelCatalog } from './models/model-catalog.use-case.js';
import { ModelMetrics } from './models/model.metrics.js';
import { OnProducts } from './models/on-products.js';
import { OnRescoreDue } from './models/on-rescore-due.js';
import { RefitGrowth } from './models/refit-growth.use-case.js';
import { readPopulation } from './models/read-population.use-case.js';
import { RESCORE, Refits } from './models/refits.use-case.js';
import { rescoringsStore } from './models/rescorings.store.js';
import { ForecastMetrics } from './next-purchase/forecast.metrics.js';
import { NextPurchases } from './next-purchase/next-purchases.use-case.js';
import { prediction } from './prediction.js';
import { OnCustomers } from './purchase-history/on-customers.js';
import { OnPurchases } from './purchase-history/on-purchases.js';

/** Prediction on a real Postgres, without HTTP and log: handlers are given batches as the port gives them. */
export interface Shop {
  readonly database: TestDatabase;
  readonly refits: Refits;
  readonly nextPurchases: NextPurchases;
  readonly metrics: MetricsRegistry;
  purchases(events: readonly StreamEvent<'purchase'>[], options?: BatchOptions): Promise<Outcomes>;
  customers(events: readonly StreamEvent<'customer'>[]): Promise<Outcomes>;
  products(events: readonly Consumed<'product'>[]): Promise<Outcomes>;
  /** What was published since the last call, in order. */
  published(): Promise<Published[]>;
  /** Makes the fit that is due, in this thread. */
  fitted(): Promise<void>;
  /** The same, then walks over all customers to the end; answers the steps it took. */
  rescored(): Promise<number>;
}

export interface BatchOptions {
  readonly redriving?: boolean;
  /** Looks at the transaction before and after the handler's work, which it has to call for. */
  readonly around?: (tx: Transaction, handle: () => Promise<Handled>) => Promise<void>;
}
export interface Handled {
  readonly statements: number;
}
const justHandle: NonNullable<BatchOptions['around']> = async (_, handle) => {
  await handle();
};
export type Outcomes = Partial<Record<Outcome, number>>;
export type Published =
  Consumed<'forecast'> | Consumed<'forecast-record'> | Consumed<'prediction-receipts'>;

export const config = { timeZone: 'Europe/Berlin', currency: 'EUR' } as ServiceConfig;

export const predictionTables = {
  service: 'prediction',
  entities: [...prediction.entities, ...outboxEntities, ...timersEntities, ...messagingEntities],
  migrations: [
    ...prediction.migrations,
    ...outboxMigrations,
    ...timersMigrations,
    ...messagingMigrations,
  ],
};

export async function openShop(today: Day): Promise<Shop> {
  const clock = standingClock(new Date(`${today}T10:00:00Z`));
  const database = await testDatabase({ ...predictionTables, clock });
  const metrics = new MetricsRegistry('prediction');
  const forecastMetrics = new ForecastMetrics(metrics);
  const modelMetrics = new ModelMetrics(metrics);
  const models = new ModelCatalog(modelMetrics);
  const nextPurchases = new NextPurchases(models, forecastMetrics, config);
  const refits = new Refits(models, modelMetrics);
  const onPurchases = new OnPurchases(nextPurchases, new RefitGrowth());
  const onRescoreDue = new OnRescoreDue(nextPurchases);
  let seen = 0;

  return {
    database,
    refits,
    nextPurchases,
    metrics,
    purchases: (events, options) => inBatch(database, onPurchases, events, options),
    customers: (events) => inBatch(database, new OnCustomers(), events),
    products: (events) => inBatch(database, new OnProducts(refits, config), events),
    async published() {
      const rows = await database.query<OutboxRow>(sql`
        select epoch, sequence, id, topic, key, type, version, value from outbox
        where sequence > ${seen} order by sequence`);
      seen = rows.at(-1)?.sequence ?? seen;
      return rows.map(toPublished);
    },
    fitted: () => fitIfDue(database, refits),
    async rescored() {
      await fitIfDue(database, refits);
      for (let steps = 0; ; steps += 1) {
        const leased = await database.query<Parameters<OnRescoreDue['fire']>[0][number]>(sql`
          select id, kind, key, due_at as "dueAt", data from timers where kind = ${RESCORE}`);
        if (leased.length === 0) return steps;
        await database.withTransaction((tx) => onRescoreDue.fire(leased, tx));
      }
    },
  };
}

async function fitIfDue(database: TestDatabase, refits: Refits): Promise<void> {
  const run = await rescoringsStore(database).running();
  if (!run?.fitPending) return;
  const { population, ...seen } = await readPopulation(database, run.asOf);
  const fit = engine.fit(population, toEpochDay(run.asOf));
  await database.withTransaction((tx) => refits.adopt(tx, run.id, fit, seen));
}

export async function inBatch<S extends 'purchase' | 'customer' | 'product'>(
  database: TestDatabase,
  handler: BatchHandler<S>,
  events: readonly Consumed<S>[],
  { redriving = false, around = justHandle }: BatchOptions = {},
): Promise<Outcomes> {
  const outcomes: Outcomes = {};
  await database.withTransaction(async (tx) => {
    let statements = 0;
    const batch: BatchTransaction = {
      ...tx,
      query: (statement) => {
        statements += 1;
        return tx.query(statement);
      },
      group: 'prediction',
      redriving,
      note: (outcome, count) => {
        if (count > 0) outcomes[outcome] = (outcomes[outcome] ?? 0) + count;
      },
    };
    await around(tx, async () => {
      await handler.handle(events, batch);
      return { statements };
    });
  });
  return outcomes;
}

interface OutboxRow {
  readonly epoch: number;
  readonly sequence: number;
  readonly id: string;
  readonly topic: string;
  readonly key: Buffer;
  readonly type: string;
  readonly version: number;
  readonly value: Buffer | null;
}

function toPublished(row: OutboxRow): Published {
  const stream = topicByName(row.topic)?.stream;
  if (stream !== 'forecast' && stream !== 'forecast-record' && stream !== 'prediction-receipts') {
    throw new Error(`Prediction published to ${row.topic}.`);
  }
  const headers = {
    type: row.type,
    version: String(row.version),
    id: row.id,
    epoch: String(row.epoch),
    sequence: String(row.sequence),
  };
  return decodeEvent(stream, row.key.toString(), headers, row.value);
}

/** Forecasts by customer, without what differs from shop to shop: ids and positions in the log. */
export function forecastsIn(published: readonly Published[]): DeepReadonly<ForecastUpdated>[] {
  return published.flatMap((event) => (event.type === 'ForecastUpdated' ? [event.data] : []));
}

let sequence = 0;

type PurchaseData = DeepReadonly<EventData<'purchase', 'PurchaseRecorded'>>;

/** A purchase event of a customer; newer than all that were made before it. */
/** Purchases thirty days apart. */
export function monthly(
  customerId: string,
  times: number,
  from: Day = '2026-01-01',
): StreamEvent<'purchase'>[] {
  return Array.from({ length: times }, (_, i) =>
    aPurchase(customerId, { purchaseDay: addDays(from, 30 * i) }),
  );
}

export function aPurchase(
  customerId: string,
  over: Partial<PurchaseData> & { purchaseDay: Day },
  type: StreamEvent<'purchase'>['type'] = 'PurchaseRecorded',
): StreamEvent<'purchase'> {
  const purchasedAt = `${over.purchaseDay}T09:00:00Z`;
  return {
    ...envelope(customerId),
    stream: 'purchase',
    type,
    data: {
      purchaseId: newId(),
      customerId,
      source: 'shop',
      orderId: `order-${String(sequence)}`,
      revision: 1,
      purchasedAt,
      currency: 'EUR',
      totalMinor: 2_000,
      refundedMinor: 0,
      fullyRefunded: false,
      lines: [],
      imported: false,
      ...over,
    },
  };
}

/** The next revision of a purchase. */
export function revised(
  event: StreamEvent<'purchase'>,
  type: StreamEvent<'purchase'>['type'],
  over: Partial<PurchaseData> = {},
): StreamEvent<'purchase'> {
  const data = { ...event.data, revision: event.data.revision + 1, ...over };
  return { ...envelope(event.key), stream: 'purchase', type, data };
}

export function anErasure(customerId: string): StreamEvent<'customer'> {
  const data = { customerId, erasureId: newId() };
  return { ...envelope(customerId), stream: 'customer', type: 'CustomerErased', data };
}

export function aProduct(
  productId: string,
  over: Partial<EventData<'product', 'ProductChanged'>>,
): StreamEvent<'product'> {
  const data = { productId, titles: {}, goesWith: [], ...over };
  return { ...envelope(productId), stream: 'product', type: 'ProductChanged', data };
}

function envelope(key: string) {
  sequence += 1;
  const at = new Date('2026-01-01T00:00:00Z');
  return {
    id: newId(),
    version: 1,
    epoch: 1,
    sequence,
    key,
    occurredAt: at,
    recordedAt: at,
    correlationId: newId(),
    source: 'ingestion',
  };
}
