import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createPostgresLog, type EventLog } from '@regulars/messaging';
import { MetricsRegistry } from '@regulars/observability';
import { sql } from '@regulars/persistence';
import {
  dropSchema,
  eventually,
  testDatabase,
  testSchema,
  type TestDatabase,
} from '@regulars/testing';
import { countedDatabase, countedLog, crashEverywhere, CrashPoints } from '@regulars/testing/crash';
import { isNewer, type EventPosition } from './inbox.js';
import { outboxMigrations } from './outbox.migration.js';
import { outbox } from './outbox.js';
import { Relay } from './relay.js';

const kept = 'regulars.purchase.v1';
const compacted = 'regulars.product.v1';

/** Real: Postgres, the log in it, the relay with its lock. */
let db: TestDatabase;
let log: EventLog;
let logSchema: string;
beforeAll(async () => {
  db = await testDatabase({ service: 'ingestion', migrations: outboxMigrations });
  logSchema = testSchema();
  log = createPostgresLog({ databaseUrl: db.url, schema: logSchema });
  await log.ensureTopics([
    { name: kept, partitions: 12, cleanup: 'keep', maxMessageBytes: 1_000 },
    { name: compacted, partitions: 12, cleanup: 'compact' },
  ]);
});
afterAll(async () => {
  await log.close();
  await db.drop();
  await dropSchema(logSchema);
});

it('a relay, crashed at any of its effects, loses nothing, reorders nothing and doubles no effect', async () => {
  const points = new CrashPoints();
  let run = 0;

  const { runs, sound, differences } = await crashEverywhere({
    points,
    reset: async () => {
      // Keys of its own: the log goes on from run to run, as in life.
      run += 1;
      await db.query(sql`delete from outbox_refused`);
      await write([kept, 'anna', '1'], [compacted, 'anna', 'a'], [kept, 'ben', '1']);
      await write([kept, 'anna', 'x'.repeat(2_000)], [kept, 'anna', '2']);
      await write([compacted, 'anna', 'b'], [kept, 'ben', '2'], [kept, 'anna', '3']);
    },
    work: relayAll,
    outcome: async () => ({
      kept: fresh(await recordsOf(kept)),
      newest: newest(await recordsOf(compacted)),
      refused: await db.query(sql`select key, reason from outbox_refused`).then((r) => r.length),
      unsent: await db.query(sql`select topic from outbox`),
    }),
  });

  expect(sound).toMatchObject({
    kept: ['anna 1', 'anna 2', 'anna 3', 'ben 1', 'ben 2'],
    refused: 1,
  });
  expect(differences).toEqual([]);
  expect(runs).toBeGreaterThan(15);

  async function relayAll(): Promise<void> {
    const relay = new Relay({
      database: countedDatabase(db, points),
      log: countedLog(log, points),
      metrics: new MetricsRegistry('ingestion'),
      onError: () => undefined,
      batchSize: 4,
      pollMs: 5,
    });
    relay.start();
    await eventually(async () => points.crashed || (await isEmpty()));
    await relay.stop();
  }

  async function isEmpty(): Promise<boolean> {
    return (await db.query(sql`select sequence from outbox limit 1`)).length === 0;
  }

  async function write(...rows: readonly [topic: string, key: string, value: string][]) {
    await db.withTransaction((tx) =>
      outbox(tx).addNotices(
        rows.map(([topic, key, value]) => ({
          topic,
          key: Buffer.from(`${key} ${String(run)}`),
          value: Buffer.from(value),
          type: 'test',
          headers: {},
        })),
      ),
    );
  }

  /** Of this run: key, value and position, in the order of the log. */
  async function recordsOf(topic: string): Promise<[string, string, EventPosition][]> {
    const partitions = Array.from({ length: 12 }, (_, partition) => partition);
    const read = await Promise.all(
      partitions.map(async (partition) => {
        const end = (await log.endOffsets([topic]))[partition]?.offset ?? 0n;
        const { records } = await log.read({
          topic,
          partition,
          offset: end > 60n ? end - 60n : 0n,
        });
        return records;
      }),
    );
    return read.flat().flatMap(({ key, value, headers }) => {
      const [name, of] = text(key).split(' ');
      const at = { epoch: number(headers['epoch']), sequence: number(headers['sequence']) };
      return of === String(run) && name ? [[name, text(value), at]] : [];
    });
  }
});

/** What compaction leaves, by key. */
const newest = (records: readonly (readonly [string, string, EventPosition])[]): string[] =>
  [...new Map(records.map(([key, value]) => [key, value]))].map((pair) => pair.join(' '));

/** What an inbox lets through, by key. */
function fresh(records: readonly (readonly [string, string, EventPosition])[]): string[] {
  const newest = new Map<string, EventPosition>();
  const taken = records.filter(([key, , at]) => {
    const before = newest.get(key);
    if (before && !isNewer(at, before)) return false;
    newest.set(key, at);
    return true;
  });
  return taken
    .toSorted(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
    .map(([key, value]) => `${key} ${value}`);
}

const text = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString();
const number = (bytes: Uint8Array | undefined) => Number(text(bytes));
