import { randomBytes } from 'node:crypto';
import type { Consumed, Stream } from '@regulars/contracts';
import { newId } from '@regulars/kernel';
import {
  BatchProcessor,
  deadLetterStore,
  messagingMigrations,
  redrive,
  type BatchConsumer,
  type BatchTransaction,
  type EventLog,
  type OutgoingRecord,
  type PartitionOffset,
  type RecordBatch,
  type RedriveResult,
  type RunHandler,
} from '@regulars/messaging';
import { inbox, outboxMigrations } from '@regulars/outbox';
import { sql, type Database, type Transaction } from '@regulars/persistence';
import { testDatabase, type TestDatabase } from '../postgres/test-database.js';

/** Topics of tests have names of their own; to the batch processor each is this one, whose schema is the smallest. */
const alias = 'regulars.product.v1';

export async function effectsDatabase(): Promise<TestDatabase> {
  const database = await testDatabase({
    service: 'prediction',
    migrations: [...messagingMigrations, ...outboxMigrations],
  });
  await database.query(sql`
    create table effects (id bigint generated always as identity, member text not null,
                          key text not null, number bigint not null)`);
  return database;
}

/** The `number`th event of a key. */
export function numbered(topic: string, key: string, number: number): OutgoingRecord {
  const at = '2026-03-29T00:00:00Z';
  const data = { productId: key, titles: {}, goesWith: [] };
  const body = { key, occurredAt: at, recordedAt: at, correlationId: newId(), source: 'ingestion' };
  const headers = {
    type: 'ProductChanged',
    version: '1',
    id: newId(),
    epoch: '1',
    sequence: String(number),
  };
  return {
    topic,
    key: Buffer.from(key),
    value: Buffer.from(JSON.stringify({ ...body, data })),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)]),
    ),
  };
}

export interface EffectMemberOptions {
  readonly log: EventLog;
  readonly database: Database;
  readonly group: string;
  readonly topic: string;
  readonly name?: string;
  /** In the transaction, before its effect; throw to refuse. */
  before?(events: readonly Consumed<Stream>[], tx: BatchTransaction): Promise<void>;
  onFatal?(error: Error): void;
  /** What becomes of a key behind a dead event (default pass). */
  readonly parks?: boolean;
  /** Where the notice of a dead letter goes; throw, and the dead letter cannot be written. */
  notify?(tx: Transaction): Promise<void>;
  /** Failed attempts. */
  retrying?(kind: string): void;
}

/** What a member and a redrive work events off with. */
export function effectHandlers(options: EffectMemberOptions): ReadonlyMap<Stream, RunHandler> {
  const { name = randomBytes(2).toString('hex'), parks = false } = options;
  const run = async (...[events, tx]: Parameters<RunHandler>): Promise<void> => {
    const fresh = await inbox(tx).takeFresh(events);
    await options.before?.(fresh, tx);
    await tx.query(sql`
      insert into effects (member, key, number)
      select ${name}, key, number
      from unnest(${fresh.map(({ key }) => key)}::text[],
                  ${fresh.map(({ sequence }) => sequence)}::bigint[]) as fresh(key, number)`);
  };
  return new Map([['product', Object.assign(run, { parks })]]);
}

/** Sends the group's dead letters through again, as an operator does. */
export async function redriveAll(options: EffectMemberOptions): Promise<RedriveResult[]> {
  const { group, database, log } = options;
  const dead = await deadLetterStore(database, group).list('dead', 0, 100);
  const handlers = effectHandlers(options);
  const results: RedriveResult[] = [];
  for (const { id } of dead)
    results.push(await redrive(id, { group, database, handlers, log, by: 'operator' }));
  return results;
}

/** A member as services run it: our batch processor, the inbox, one effect per event in the batch's transaction. */
export function effectMember(options: EffectMemberOptions): BatchConsumer {
  const { log, database, group, topic } = options;
  const processor = new BatchProcessor({
    group,
    database,
    handlers: effectHandlers(options),
    observer: {
      passed: () => undefined,
      retrying: (_, kind) => options.retrying?.(kind),
      deadLettered: () => undefined,
      blocked: () => undefined,
    },
    settings: { conflictDelayMs: 20, maxUnavailableDelayMs: 500 },
    notify: (tx) => options.notify?.(tx) ?? Promise.resolve(),
  });
  return log.consumer({
    group,
    topics: [topic],
    onBatch: (batch) => processor.process(aliased(batch)),
    storedOffsets: async (assigned) => {
      const stored = await processor.storedOffsets(assigned.map((at) => ({ ...at, topic: alias })));
      return stored.map((at): PartitionOffset => ({ ...at, topic }));
    },
    onFatal: (error) => options.onFatal?.(error),
  });
}

function aliased(batch: RecordBatch): RecordBatch {
  const records = batch.records.map((record) => ({ ...record, topic: alias }));
  return { ...batch, topic: alias, records };
}

export interface Effect {
  readonly member: string;
  readonly key: string;
  readonly number: number;
}

export async function effectsOf(database: Database): Promise<Effect[]> {
  return database.query<Effect>(sql`select member, key, number from effects order by id`);
}
