import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { topics, type NewEvent } from '@regulars/contracts';
import {
  createPostgresLog,
  type EventLog,
  type LogRecord,
  type RelayProducers,
} from '@regulars/messaging';
import { MetricsRegistry } from '@regulars/observability';
import { identifier, sql } from '@regulars/persistence';
import {
  dropSchema,
  eventually,
  testDatabase,
  testSchema,
  type TestDatabase,
} from '@regulars/testing';
import { outboxBalance } from './outbox-balance.js';
import { outboxEntities } from './outbox.entity.js';
import { outboxMigrations } from './outbox.migration.js';
import { outbox } from './outbox.js';
import { relayStore } from './relay-store.js';
import { Relay } from './relay.js';

const kept = topics.purchase.name;
const compacted = topics.product.name;

/** Real: Postgres with outbox and log in it, the relay. */
describe('a relay whose log lies in the same database', () => {
  let db: TestDatabase;
  let logs: { readonly log: EventLog; readonly schema: string }[];
  let relays: Relay[];
  let errors: Error[];
  beforeEach(async () => {
    [logs, relays, errors] = [[], [], []];
    db = await testDatabase({
      service: 'ingestion',
      entities: outboxEntities,
      migrations: outboxMigrations,
    });
  });
  afterEach(async () => {
    await Promise.all(relays.map((relay) => relay.stop()));
    for (const { log } of logs) await log.close();
    await db.drop();
    for (const { schema } of logs) await dropSchema(schema);
  });

  async function aLog(maxMessageBytes = 1_000_000) {
    const schema = testSchema();
    const log = createPostgresLog({ databaseUrl: db.url, schema });
    logs.push({ log, schema });
    await log.ensureTopics([
      { name: kept, partitions: 12, cleanup: 'keep', maxMessageBytes },
      { name: compacted, partitions: 12, cleanup: 'compact', maxMessageBytes },
    ]);
    return { log, schema };
  }

  /** Until the outbox is empty. `take`: what of the log's means the relay has. */
  async function relayAll(
    log: EventLog,
    take = (producers: RelayProducers): RelayProducers => producers,
  ): Promise<void> {
    const takeOver = async (name: string) => take(await log.takeOver(name));
    const relay = new Relay({
      database: db,
      log: Object.assign(Object.create(log) as EventLog, { takeOver }),
      metrics: new MetricsRegistry('ingestion'),
      onError: (error) => errors.push(error),
      pollMs: 20,
    });
    relays.push(relay);
    relay.start();
    await eventually(async () => expect(await unsent()).toBe(0));
    await relay.stop();
  }

  const unsent = async () => (await db.query(sql`select sequence from outbox`)).length;

  const write = (events: readonly NewEvent[]) => db.withTransaction((tx) => outbox(tx).add(events));

  it('gives the log the very records that sending gives it', async () => {
    const all: readonly NewEvent[] = [
      product('coffee', 'Кофе "сорт"'),
      product('tea', 'tea'),
      product('coffee', 'coffee again', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'),
      product('naïve 茶', 'key beyond ASCII'),
    ];
    const moved = (await aLog()).log;
    const sent = (await aLog()).log;
    await write(all);
    await writeTombstone('gone');
    await write([product('tea', 'tea again')]);
    await db.query(sql`create table before as select * from outbox`);

    await relayAll(moved, ({ keep, compact, mover }) => {
      const send = () => Promise.reject(new Error('Nothing is to be sent.'));
      return {
        keep: { send, close: () => keep.close() },
        compact: { send, close: () => compact.close() },
        ...(mover && { mover }),
      };
    });
    await db.query(sql`insert into outbox overriding system value select * from before`);
    await relayAll(sent, ({ keep, compact }) => ({ keep, compact }));

    const records = await recordsOf(moved);
    expect(records).toHaveLength(4);
    expect(records).toEqual(await recordsOf(sent));
    expect(errors).toEqual([]);
  });

  it.each([
    [
      'headers of its own',
      { headers: { reason: Buffer.from('ä') } },
      { reason: 'ä', type: 'test' },
    ],
    ['a type beyond ASCII', { type: 'Übel' }, { type: 'Übel' }],
  ])('sends what has %s', async (_, special, headers) => {
    const { log } = await aLog();
    await db.withTransaction((tx) => outbox(tx).addNotices([{ ...notice('1'), ...special }]));

    await relayAll(log);

    expect(await recordsOf(log)).toMatchObject([{ value: '1', headers }]);
  });

  it('sends to a log in another database', async () => {
    const { log } = await aLog();
    await write([product('tea', 'tea')]);
    let sends = 0;

    await relayAll(log, ({ keep, compact, mover }) => {
      const send: typeof compact.send = (records) => {
        sends += 1;
        return compact.send(records);
      };
      if (!mover) throw new Error('This log can move rows.');
      const elsewhere = { databaseUrl: `${db.url}-2`, move: mover.move.bind(mover) };
      return { keep, compact: { send, close: () => compact.close() }, mover: elsewhere };
    });

    expect(sends).toBe(1);
    expect(await recordsOf(log)).toHaveLength(1);
  });

  it('sets the row aside that the log does not take, and carries the others in their order', async () => {
    const { log } = await aLog(2_000);
    await db.withTransaction((tx) =>
      outbox(tx).addNotices(['1', 'x'.repeat(3_000), '2'].map(notice)),
    );

    await relayAll(log);

    expect((await recordsOf(log)).map(({ value }) => value)).toEqual(['1', '2']);
    expect(await outboxBalance(db)).toMatchObject({
      parts: { acknowledged: 2, 'set-aside': 1 },
      gaps: [],
    });
  });

  it('leaves rows and log as they are when the move fails', async () => {
    const { log, schema } = await aLog();
    await write([product('tea', 'tea'), product('coffee', 'coffee')]);
    await db.query(sql`
      alter table ${identifier(schema, 'records')} add constraint none check (false) not valid`);
    const { mover } = await log.takeOver('test');
    const rows = await relayStore(db).readMovable(10);

    await expect(mover?.move(rows, relayStore(db).removing(rows))).rejects.toMatchObject({
      code: 'record-refused',
    });

    expect(await unsent()).toBe(2);
    expect(await recordsOf(log)).toEqual([]);
    expect(await outboxBalance(db)).toMatchObject({ parts: { acknowledged: 0 }, gaps: [] });
  });

  it('moves no row twice when two relays have read the same ones', async () => {
    const { log } = await aLog();
    await db.withTransaction((tx) =>
      outbox(tx).addNotices(Array.from({ length: 300 }, (_, n) => notice(String(n)))),
    );
    const rows = await relayStore(db).readMovable(300);
    const movers = await Promise.all([log.takeOver('one'), log.takeOver('other')]);

    await Promise.all(
      movers.map(async ({ mover }) => mover?.move(rows, relayStore(db).removing(rows))),
    );

    const values = (await recordsOf(log)).map(({ value }) => value);
    expect(values).toEqual(Array.from({ length: 300 }, (_, n) => String(n)));
    expect(await outboxBalance(db)).toMatchObject({ parts: { acknowledged: 300 }, gaps: [] });
  });

  const writeTombstone = (key: string) =>
    db.withTransaction((tx) => outbox(tx).add([{ stream: 'product', type: 'Tombstone', key }]));
});

const product = (key: string, title: string, trace?: string): NewEvent => ({
  stream: 'product',
  type: 'ProductChanged',
  key,
  occurredAt: new Date('2026-03-01T10:00:00Z'),
  ...(trace === undefined ? {} : { causedBy: { correlationId: 'c-1', trace } }),
  data: { productId: 'coffee', titles: { en: title }, goesWith: [] },
});

const notice = (value: string) => ({
  topic: kept,
  key: Buffer.from('anna'),
  value: Buffer.from(value),
  type: 'test',
  headers: {},
});

/** Everything but when the log took it. */
async function recordsOf(log: EventLog) {
  const found: LogRecord[] = [];
  for (const topic of [kept, compacted])
    for (let partition = 0; partition < 12; partition += 1)
      found.push(...(await log.read({ topic, partition, offset: 0n })).records);
  return found.map(({ topic, partition, offset, key, value, headers }) => ({
    topic,
    partition,
    offset,
    key: textOf(key),
    value: textOf(value),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, bytes]) => [name, textOf(bytes)]),
    ),
  }));
}

const textOf = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : Buffer.from(bytes).toString();
