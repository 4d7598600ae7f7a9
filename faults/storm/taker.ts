import type { Consumed } from '@regulars/contracts';
import {
  BatchProcessor,
  messagingMigrations,
  type BatchConsumer,
  type EventLog,
  type RunHandler,
} from '@regulars/messaging';
import { inbox, outboxMigrations } from '@regulars/outbox';
import { Database, sql } from '@regulars/persistence';
import type { Effect } from '../checker/history.ts';

export const group = 'prediction';
export const topic = 'regulars.purchase.v1';

/** Who takes the storm's events in, as a service does: batches, the inbox, one effect per event in the batch's transaction. */
export class Taker {
  private constructor(
    private readonly database: Database,
    private readonly consumer: BatchConsumer,
    private readonly processor: BatchProcessor,
    readonly fatal: readonly Error[],
  ) {}

  static async start(url: string, log: EventLog): Promise<Taker> {
    const database = await Database.connect({
      url,
      schema: 'taker',
      service: group,
      migrations: [...messagingMigrations, ...outboxMigrations],
    });
    await database.migrate();
    await database.query(sql`
      create table effects (id bigint generated always as identity, customer text not null, key text not null,
                            number bigint not null, fresh boolean not null)`);
    const processor = new BatchProcessor({
      group,
      database,
      handlers: new Map([['purchase', take]]),
      observer: {
        passed: () => undefined,
        retrying: () => undefined,
        deadLettered: () => undefined,
        blocked: () => undefined,
      },
      settings: { conflictDelayMs: 20, maxUnavailableDelayMs: 500 },
      notify: () => Promise.resolve(),
    });
    const fatal: Error[] = [];
    const consumer = log.consumer({
      group,
      topics: [topic],
      onBatch: (batch) => processor.process(batch),
      onBatches: (batches) => processor.processTogether(batches),
      storedOffsets: (assigned) => processor.storedOffsets(assigned),
      onFatal: (error) => fatal.push(error),
    });
    await consumer.start();
    return new Taker(database, consumer, processor, fatal);
  }

  /** How many records it has passed, and how many it set aside: none may be. */
  async passed(): Promise<{ records: bigint; dead: number }> {
    const offsets = await this.processor.storedOffsets([{ topic, partition: 0 }]);
    const dead = await this.database.query(sql`select id from dead_letters`);
    return { records: offsets.reduce((sum, { offset }) => sum + offset, 0n), dead: dead.length };
  }

  async effects(): Promise<Effect[]> {
    const rows = await this.database.query<
      Pick<Effect, 'customer' | 'key' | 'number'> & { fresh: boolean }
    >(sql`select customer, key, number, fresh from effects order by id`);
    return rows.map(({ fresh, ...effect }) => ({
      ...effect,
      consumer: group,
      outcome: fresh ? 'applied' : 'duplicate',
    }));
  }

  async stop(): Promise<void> {
    await this.consumer.close();
    await this.database.close();
  }
}

const take: RunHandler = async (events, tx) => {
  // Over all streams the union of their events has none of their fields.
  const purchases = events as readonly unknown[] as readonly Consumed<'purchase'>[];
  const fresh = new Set(await inbox(tx).takeFresh(purchases));
  const rows = purchases.map((event) => ({ ...event, fresh: fresh.has(event) }));
  await tx.query(sql`
    insert into effects (customer, key, number, fresh)
    select customer, key, number, fresh
    from unnest(${rows.map(({ key }) => key)}::text[], ${rows.map(({ data }) => data.orderId)}::text[],
                ${rows.map(({ data }) => data.revision)}::bigint[], ${rows.map((row) => row.fresh)}::boolean[])
      with ordinality as row (customer, key, number, fresh, position)
    order by position`);
};
