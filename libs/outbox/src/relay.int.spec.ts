import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createPostgresLog,
  Fenced,
  LogUnavailable,
  type EventLog,
  type LogRecord,
  type OutgoingRecord,
  type RelayProducers,
} from '@regulars/messaging';
import { MetricsRegistry } from '@regulars/observability';
import { sql, type Sql } from '@regulars/persistence';
import {
  dropSchema,
  eventually,
  spawnRelay,
  testDatabase,
  testSchema,
  type TestDatabase,
} from '@regulars/testing';
import { raiseAboveLog } from './log-fence.js';
import { outboxEntities } from './outbox.entity.js';
import { outboxMigrations } from './outbox.migration.js';
import { outbox } from './outbox.js';
import { Relay } from './relay.js';

const kept = 'regulars.purchase.v1';
const compacted = 'regulars.product.v1';

describe('relay', () => {
  let db: TestDatabase;
  let log: EventLog;
  let logSchema: string;
  let errors: Error[];
  const relays: Relay[] = [];

  beforeEach(async () => {
    errors = [];
    db = await testDatabase({
      service: 'ingestion',
      entities: outboxEntities,
      migrations: outboxMigrations,
    });
    logSchema = testSchema();
    log = createPostgresLog({ databaseUrl: db.url, schema: logSchema });
    await log.ensureTopics([
      { name: kept, partitions: 12, cleanup: 'keep' },
      { name: compacted, partitions: 12, cleanup: 'compact' },
    ]);
  });
  afterEach(async () => {
    await Promise.all(relays.splice(0).map((relay) => relay.stop()));
    await log.close();
    await db.drop();
    await dropSchema(logSchema);
  });

  /** A relay on the log, or on one whose producers are others. */
  function start(
    takeOver: () => Promise<RelayProducers> = () => log.takeOver('test'),
    gatherMs = 0,
  ): Relay {
    const relay = new Relay({
      gatherMs,
      database: db,
      log: Object.assign(Object.create(log) as EventLog, { takeOver }),
      metrics: new MetricsRegistry('ingestion'),
      onError: (error) => errors.push(error),
      pollMs: 20,
    });
    relays.push(relay);
    relay.start();
    return relay;
  }

  const notice = (topic: string, value: string) => ({
    topic,
    key: Buffer.from(topic === kept ? 'anna' : value),
    value: Buffer.from(value),
    type: 'test',
    headers: {},
  });

  async function write(...values: readonly [topic: string, value: string][]): Promise<void> {
    await db.withTransaction((tx) =>
      outbox(tx).addNotices(values.map(([topic, value]) => notice(topic, value))),
    );
  }

  async function recordsOf(topic: string): Promise<LogRecord[]> {
    const records: LogRecord[] = [];
    for (let partition = 0; partition < 12; partition += 1)
      records.push(...(await log.read({ topic, partition, offset: 0n })).records);
    return records;
  }

  const written = async (topic: string) => (await recordsOf(topic)).map(textOf);

  /** The server process that holds the lock of the leader. */
  async function leaderSession(): Promise<number | undefined> {
    const [leader] = await db.query<{ pid: number }>(sql`
      select pid from pg_locks join pg_stat_activity using (pid)
      where locktype = 'advisory' and granted
        and application_name = ${`regulars-relay-${db.options.schema}`}`);
    return leader?.pid;
  }

  const unsent = () => db.query<{ topic: string }>(sql`select topic from outbox order by sequence`);

  it('carries rows of both kinds in their order and leaves none', async () => {
    await write([kept, '1'], [compacted, 'a'], [kept, '2'], [compacted, 'b']);
    start();
    await write([kept, '3']);

    await eventually(async () => expect(await written(kept)).toEqual(['1', '2', '3']));
    expect((await written(compacted)).sort()).toEqual(['a', 'b']);
    await eventually(async () => expect(await unsent()).toEqual([]));
    expect(errors).toEqual([]);
  });

  it('loses no row that commits after a younger one has gone, and keeps the order of its key', async () => {
    start();
    const drawn = Promise.withResolvers<undefined>();
    const commit = Promise.withResolvers<undefined>();
    const slow = db.withTransaction(async (tx) => {
      await outbox(tx).addNotices([notice(kept, 'first drawn')]);
      drawn.resolve(undefined);
      await commit.promise;
    });
    await drawn.promise;
    await write([compacted, 'drawn later, committed first']);
    await eventually(async () => expect(await written(compacted)).toHaveLength(1));
    await eventually(async () => expect(await unsent()).toEqual([]));

    commit.resolve(undefined);
    await slow;
    await write([kept, 'drawn last']);

    await eventually(async () =>
      expect(await written(kept)).toEqual(['first drawn', 'drawn last']),
    );
    expect(errors).toEqual([]);
  });

  /** Numbers above which the relay looks for rows from now on. */
  function looksOfRelay(): number[] {
    const looks: number[] = [];
    const query = db.query.bind(db);
    Object.assign(db, {
      query: (statement: Sql) => {
        if (
          statement.text.includes('from outbox where sequence >') &&
          statement.values.length === 2
        )
          looks.push(Number(statement.values[0]));
        return query(statement);
      },
    });
    return looks;
  }

  it('finds rows that nobody told of, though it reads none while its pings find none', async () => {
    const looks = looksOfRelay();
    start();
    const pings = new Set<string>();
    await eventually(async () => {
      const [ping] = await db.query<{ at: string }>(sql`
        select query_start::text as at from pg_stat_activity
        where application_name = ${`regulars-relay-${db.schema}`} and query like '%.outbox%'`);
      if (ping) pings.add(ping.at);
      return pings.size >= 10;
    });
    expect(looks).toEqual([0]);

    await db.query(sql`
      insert into outbox (epoch, id, topic, key, type, version, value)
      values (1, gen_random_uuid(), ${kept}, '\\x61', 'test', 1, 'untold')`);

    await eventually(async () => expect(await written(kept)).toEqual(['untold']));
    expect(errors).toEqual([]);
  });

  it('goes on leading when a ping that looks for rows is cut short', async () => {
    start();
    const pinging = async (): Promise<string | undefined> => {
      const [ping] = await db.query<{ query: string }>(sql`
        select query from pg_stat_activity
        where application_name = ${`regulars-relay-${db.schema}`}`);
      return ping?.query;
    };
    await eventually(async () => expect(await pinging()).toContain('.outbox'));
    await db.withTransaction(async (tx) => {
      await tx.query(sql`lock table outbox in access exclusive mode`);
      // Next it sees that the relay is looking, and asks for nothing.
      await eventually(async () => expect(await pinging()).toBe('select'));
    });

    await write([kept, '1']);
    await eventually(async () => expect(await written(kept)).toEqual(['1']));
    // Of the cut only: where everything stands still for seconds, a leader may lose its trust for that reason.
    expect(errors).not.toContainEqual(expect.objectContaining({ code: '57014' }));
  });

  it('does not look again at what it has sent by the thousand, and begins anew with each term', async () => {
    const looks = looksOfRelay();
    const relay = start();
    const many = Array.from({ length: 1_000 }, (_, n): [string, string] => [kept, String(n)]);
    await write(...many);
    await eventually(() => expect(looks.at(-1)).toBe(1_000));

    await relay.stop();
    looks.length = 0;
    start();
    await eventually(() => expect(looks.length).toBeGreaterThan(0));
    expect(looks[0]).toBe(0);
  });

  it('lets rows gather between two batches where nobody waits for them', async () => {
    const sentAt: number[] = [];
    const gatherMs = 500;
    start(async () => {
      const { keep, compact } = await log.takeOver('test');
      const send = async (records: readonly OutgoingRecord[]): Promise<void> => {
        if (records.some(({ topic }) => topic === kept)) sentAt.push(performance.now());
        await keep.send(records);
      };
      return { keep: { send, close: () => keep.close() }, compact };
    }, gatherMs);
    await write([kept, '1']);
    await eventually(() => sentAt.length === 1);
    await write([kept, '2']);
    await write([kept, '3']);

    await eventually(async () => expect(await written(kept)).toEqual(['1', '2', '3']));
    const [first = 0, second = 0] = sentAt;
    // A timer may be early by a fraction of a millisecond.
    expect(second - first).toBeGreaterThan(gatherMs - 5);
  });

  it('does not wait for more rows when it is stopped', async () => {
    const relay = start(() => log.takeOver('test'), 600_000);
    await write([kept, '1']);
    await eventually(async () => expect(await unsent()).toEqual([]));

    await relay.stop();

    expect(await written(kept)).toEqual(['1']);
  });

  it('reads its first rows only after it has fenced its predecessor', async () => {
    await write([kept, '1']);
    const sends: string[][] = [];
    start(async () => {
      await write([kept, 'while fencing']);
      const { keep, compact } = await log.takeOver('test');
      const send = async (records: readonly OutgoingRecord[]): Promise<void> => {
        sends.push(records.map(textOf));
        await keep.send(records);
      };
      return { keep: { send, close: () => keep.close() }, compact };
    });

    await eventually(() => expect(sends.flat()).toHaveLength(2));
    expect(sends).toEqual([['1', 'while fencing']]);
  });

  it('deletes rows when their own send has ended well, whatever became of the other', async () => {
    await write([kept, '1'], [compacted, 'a']);
    const committed = Promise.withResolvers<undefined>();
    start(async () => {
      const { keep } = await log.takeOver('test');
      const send = () => committed.promise;
      return { keep, compact: { send, close: () => Promise.resolve() } };
    });

    try {
      await eventually(async () => expect(await unsent()).toEqual([{ topic: compacted }]));
      expect(await written(kept)).toEqual(['1']);
    } finally {
      committed.reject(new LogUnavailable('The commit failed.'));
    }
    await eventually(() => expect(errors).not.toEqual([]));
    expect(await unsent()).toEqual([{ topic: compacted }]);
  });

  it('ends its leadership when it is fenced, and carries on once it leads again', async () => {
    await write([compacted, 'a']);
    const leading: boolean[] = [];
    const sessions: unknown[] = [];
    const relay = start(async () => {
      sessions.push(await leaderSession());
      const { keep, compact } = await log.takeOver('test');
      const refused = () => Promise.reject(new Fenced('Another one leads.'));
      const close = () => {
        leading.push(relay.isLeader);
        return Promise.resolve();
      };
      return sessions.length === 1
        ? { keep, compact: { send: refused, close } }
        : { keep, compact };
    });

    await eventually(async () => expect(await written(compacted)).toEqual(['a']));
    // A ping that is under way when the session is given back fails, too.
    expect(errors.filter((error) => error instanceof Fenced)).toHaveLength(1);
    expect(leading).toEqual([true]);
    // Another session has the lock: the first one gave it back.
    expect(sessions).toHaveLength(2);
    expect(new Set(sessions).size).toBe(2);
  });

  it('keeps the compacted topics of its service rolling on a log that needs it, and only those', async () => {
    const needing = Object.assign(Object.create(log) as EventLog, {
      features: { ...log.features, heartbeats: true },
    });
    const own = ['regulars.customer-profile.v1', compacted];
    await log.ensureTopics([
      ...own.map((name) => ({ name, partitions: 12, cleanup: 'compact' as const })),
      { name: 'regulars.forecast.v1', partitions: 12, cleanup: 'compact' },
    ]);
    const ends = async (names: readonly string[]): Promise<number[]> =>
      (await log.endOffsets(names)).map(({ offset }) => Number(offset));
    const relay = new Relay({
      database: db,
      log: needing,
      metrics: new MetricsRegistry('ingestion'),
      onError: (error) => errors.push(error),
      pollMs: 5,
      heartbeatMs: 20,
    });
    relays.push(relay);
    relay.start();

    // Every partition, and again and again.
    await eventually(async () => expect(Math.min(...(await ends(own)))).toBeGreaterThanOrEqual(3));
    expect(await ends(['regulars.forecast.v1', kept])).toEqual(Array.from({ length: 24 }, () => 0));
    const [first] = await recordsOf(compacted);
    expect(Buffer.from(first?.headers['type'] ?? []).toString()).toBe('heartbeat');
  });

  it('publishes nothing into a log that is ahead, until the epoch is raised above it', async () => {
    const pairs: string[] = [];
    await db.query(sql`update outbox_epoch set epoch = 100`);
    await write([kept, '1'], [compacted, 'a'], [kept, '2']);
    const before = start();
    await eventually(async () => expect(await written(kept)).toEqual(['1', '2']));
    await before.stop();

    // Restored, by a database whose clock is behind.
    await db.query(sql`update outbox_epoch set epoch = 50`);
    await write([kept, '3'], [kept, '4']);
    const relay = start();
    await eventually(() => expect(relay.refusal).toMatch(/epoch raise ingestion/));
    expect(await written(kept)).toEqual(['1', '2']);

    const { epoch, restamped } = await raiseAboveLog(db, log);
    expect(epoch).toBeGreaterThan(100);
    expect(restamped).toBe(2);
    await eventually(async () => expect(await written(kept)).toEqual(['1', '2', '3', '4']));
    await eventually(() => expect(relay.refusal).toBeUndefined());
    for (const { headers } of await recordsOf(kept))
      pairs.push(Buffer.from(headers['epoch'] ?? []).toString());
    expect(pairs).toEqual(['100', '100', String(epoch), String(epoch)]);
  });

  it('takes a log of its own epoch for ahead where its sequence is behind', async () => {
    await write([kept, '1'], [kept, '2']);
    const before = start();
    await eventually(async () => expect(await written(kept)).toEqual(['1', '2']));
    await before.stop();
    const again = start();
    await eventually(() => again.isLeader);
    await write([kept, '3']);
    await eventually(async () => expect(await written(kept)).toEqual(['1', '2', '3']));
    expect(again.refusal).toBeUndefined();
    await again.stop();

    await db.query(sql`alter table outbox alter column sequence restart with 1`);
    await write([kept, '4']);
    const relay = start();
    await eventually(() => expect(relay.refusal).toMatch(/up to \(0, 3\).*up to \(0, 1\)/));
  });

  it('loses the lock when its process is stopped, and does not believe in it afterwards', async () => {
    const first = await spawnRelay({ databaseUrl: db.url, schema: db.schema, logSchema });
    try {
      await write([kept, '1']);
      await eventually(async () => expect(await written(kept)).toEqual(['1']));
      first.signal('SIGSTOP');
      await write([kept, '2']);
      const second = start();

      // The server ends the silent session after ten seconds.
      await eventually(() => second.isLeader, { withinMs: 60_000 });
      await eventually(async () => expect(await written(kept)).toEqual(['1', '2']));
      first.signal('SIGCONT');
      await write([kept, '3']);
      await eventually(async () => expect(await written(kept)).toEqual(['1', '2', '3']));
      await eventually(() => second.isLeader);
    } finally {
      first.signal('SIGKILL');
      await first.ended();
    }
  });
});

function textOf({ value }: Pick<OutgoingRecord, 'value'>): string {
  return Buffer.from(value ?? []).toString();
}
