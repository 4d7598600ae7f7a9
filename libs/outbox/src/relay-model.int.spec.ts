import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPostgresLog, type EventLog } from '@regulars/messaging';
import { MetricsRegistry } from '@regulars/observability';
import { sql, type Transaction } from '@regulars/persistence';
import {
  dropSchema,
  eventually,
  testDatabase,
  testSchema,
  type TestDatabase,
} from '@regulars/testing';
import { countedDatabase, countedLog, CrashPoints, type CrashPoint } from '@regulars/testing/crash';
import { outboxMigrations } from './outbox.migration.js';
import { outbox } from './outbox.js';
import { Relay } from './relay.js';

const topic = 'regulars.purchase.v1';
const keys = ['anna', 'ben', 'cleo', 'dora'] as const;
type Key = (typeof keys)[number];

/** Real: Postgres, the log in it, the relay. The model is what was committed for each key, in the order of commits. */
let db: TestDatabase;
let log: EventLog;
let logSchema: string;
beforeAll(async () => {
  db = await testDatabase({ service: 'ingestion', migrations: outboxMigrations });
  await db.query(sql`create table customers (name text primary key)`);
  await db.query(sql`insert into customers select unnest(${keys}::text[])`);
  logSchema = testSchema();
  log = createPostgresLog({ databaseUrl: db.url, schema: logSchema });
  await log.ensureTopics([{ name: topic, partitions: 12, cleanup: 'keep' }]);
});
afterAll(async () => {
  await log.close();
  await db.drop();
  await dropSchema(logSchema);
});

interface Model {
  readonly committed: Map<Key, string[]>;
  /** Keys whose writer has drawn its number and waits. */
  readonly held: Set<Key>;
}

interface Writing {
  readonly keys: readonly Key[];
  readonly values: readonly string[];
  end(how: 'commit' | 'abort'): Promise<void>;
}

interface Service {
  readonly writings: Writing[];
  next: number;
}

class Begin implements fc.AsyncCommand<Model, Service> {
  constructor(private readonly wanted: readonly Key[]) {}

  check = ({ held }: Model) => !this.wanted.some((key) => held.has(key));

  async run({ held }: Model, service: Service): Promise<void> {
    for (const key of this.wanted) held.add(key);
    service.writings.push(await begin(this.wanted, () => String((service.next += 1))));
  }

  toString = () => `begin(${this.wanted.join()})`;
}

class End implements fc.AsyncCommand<Model, Service> {
  constructor(
    private readonly which: number,
    private readonly how: 'commit' | 'abort',
  ) {}

  check = ({ held }: Model) => held.size > 0;

  async run(model: Model, { writings }: Service): Promise<void> {
    const [writing] = writings.splice(this.which % writings.length, 1);
    if (!writing) throw new Error('The model holds keys that nobody writes.');
    await writing.end(this.how);
    writing.keys.forEach((key, index) => {
      model.held.delete(key);
      const value = writing.values[index];
      if (this.how === 'commit' && value !== undefined) model.committed.get(key)?.push(value);
    });
  }

  toString = () => `${this.how}(${String(this.which)})`;
}

class Relaying implements fc.AsyncCommand<Model, Service> {
  constructor(private readonly point: CrashPoint | undefined) {}

  check = () => true;

  async run({ committed }: Model): Promise<void> {
    await relayAll(this.point);
    if (this.point === undefined) expect(await inLog()).toEqual(Object.fromEntries(committed));
  }

  toString = () =>
    this.point ? `relay, dies ${this.point.when} ${String(this.point.at)}` : 'relay';
}

async function begin(wanted: readonly Key[], number: () => string): Promise<Writing> {
  const written = Promise.withResolvers<readonly string[]>();
  const end = Promise.withResolvers<'commit' | 'abort'>();
  const writing = db.withTransaction(async (tx) => {
    const values = await write(tx, wanted, number);
    written.resolve(values);
    if ((await end.promise) === 'abort') throw new Aborted();
  });
  const ended = writing.catch((error: unknown) => {
    written.reject(error);
    if (!(error instanceof Aborted)) throw error;
  });
  return {
    keys: wanted,
    values: await written.promise,
    end: (how) => {
      end.resolve(how);
      return ended;
    },
  };
}

class Aborted extends Error {}

async function write(
  tx: Transaction,
  wanted: readonly Key[],
  number: () => string,
): Promise<string[]> {
  await tx.query(
    sql`select name from customers where name = any(${wanted}::text[]) order by name for update`,
  );
  const values = wanted.map(number);
  await outbox(tx).addNotices(
    wanted.map((key, index) => ({
      topic,
      key: Buffer.from(`${key} ${String(runs)}`),
      value: Buffer.from(values[index] ?? ''),
      type: 'test',
      headers: {},
    })),
  );
  return values;
}

async function relayAll(point: CrashPoint | undefined): Promise<void> {
  const points = new CrashPoints();
  points.restart(point);
  const relay = new Relay({
    database: countedDatabase(db, points),
    log: countedLog(log, points),
    metrics: new MetricsRegistry('ingestion'),
    onError: () => undefined,
    batchSize: 3,
    pollMs: 5,
  });
  relay.start();
  const left = () => db.query(sql`select sequence from outbox limit 1`);
  await eventually(async () => points.crashed || (await left()).length === 0);
  await relay.stop();
}

/** By key, what an inbox lets through. */
async function inLog(): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = Object.fromEntries(keys.map((key) => [key, []]));
  const newest = new Map<string, number>();
  for (const { partition, offset: end } of await log.endOffsets([topic])) {
    const { records } = await log.read({ topic, partition, offset: end > 200n ? end - 200n : 0n });
    for (const { key, value, headers } of records) {
      const [name, run] = Buffer.from(key ?? [])
        .toString()
        .split(' ');
      const sequence = Number(Buffer.from(headers['sequence'] ?? []).toString());
      if (name === undefined || run !== String(runs)) continue;
      if (sequence <= (newest.get(name) ?? 0)) continue;
      newest.set(name, sequence);
      found[name]?.push(Buffer.from(value ?? []).toString());
    }
  }
  return found;
}

const aPoint = fc.record({
  at: fc.integer({ min: 0, max: 8 }),
  when: fc.constantFrom('before' as const, 'after' as const),
});
const commands = [
  fc.subarray([...keys], { minLength: 1, maxLength: 2 }).map((wanted) => new Begin(wanted)),
  fc
    .tuple(fc.nat(9), fc.constantFrom('commit' as const, 'commit' as const, 'abort' as const))
    .map(([which, how]) => new End(which, how)),
  fc.option(aPoint, { nil: undefined, freq: 2 }).map((point) => new Relaying(point)),
];

let runs = 0;

it('a relay puts into the log what was committed, in its order, wherever it dies', async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 30, size: 'max' }), async (steps) => {
      runs += 1;
      await db.query(sql`delete from outbox`);
      const model: Model = { committed: new Map(keys.map((key) => [key, []])), held: new Set() };
      const service: Service = { writings: [], next: 0 };
      try {
        await fc.asyncModelRun(() => ({ model, real: service }), steps);
      } finally {
        await Promise.all(service.writings.map((writing) => writing.end('abort')));
      }
      await relayAll(undefined);
      expect(await inLog()).toEqual(Object.fromEntries(model.committed));
    }),
    { numRuns: 12 },
  );
});
