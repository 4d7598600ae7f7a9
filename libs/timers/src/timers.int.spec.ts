import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Global, Injectable, Logger, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SimulatedClock, type Clock } from '@regulars/kernel';
import { createLogger, LOGGER, MetricsRegistry } from '@regulars/observability';
import { Database, sql, type Transaction } from '@regulars/persistence';
import { driftOf, eventually, testDatabase, type TestDatabase } from '@regulars/testing';
import {
  OnTimer,
  TimerClaimer,
  timers,
  timersEntities,
  timersMigrations,
  TimersModule,
  type LeasedTimer,
  type NewTimer,
  type TimerHandler,
} from './index.js';
import { timerStore } from './timer-store.js';
import { timersSet } from './timers-set.js';

const start = new Date('2026-03-01T09:00:00.000Z');
const after = (minutes: number) => new Date(start.getTime() + minutes * 60_000);

/** Real: Postgres, Nest, the schedule that wakes. The clock is moved by hand. */
describe('timers', () => {
  let db: TestDatabase;
  let clock: SimulatedClock;
  const stops: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    clock = new SimulatedClock(start);
    db = await testDatabase({
      service: 'test',
      entities: timersEntities,
      migrations: timersMigrations,
      clock,
    });
    await db.query(
      sql`create table fired (key text not null, text text, at timestamptz default clock_timestamp())`,
    );
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
    await db.drop();
  });

  const schedule = (...wanted: NewTimer[]) =>
    db.withTransaction((tx) => timers(tx).schedule(wanted));
  const firedKeys = async () =>
    (await db.query<{ key: string }>(sql`select key from fired order by at, key`)).map(
      ({ key }) => key,
    );

  /** A replica with a handler of kind "reminder" that writes down what it took, unless `prepare` put it back. */
  async function aReplica(
    prepare?: (leased: readonly LeasedTimer[], tx: Transaction) => Promise<unknown>,
    atMost = 200,
    ownClock: Clock = clock,
  ) {
    @Injectable()
    @OnTimer('reminder')
    class OnReminder implements TimerHandler {
      readonly atMost = atMost;
      async fire(leased: readonly LeasedTimer[], tx: Transaction): Promise<void> {
        if ((await prepare?.(leased, tx)) === 'put back') return;
        for (const { key, data } of await timers(tx).take(leased)) {
          await tx.query(sql`insert into fired values (${key}, ${data['text'] ?? null})`);
        }
      }
    }
    const database = await Database.connect({ ...db.options, clock: ownClock });
    const metrics = new MetricsRegistry('test');
    Logger.overrideLogger(false);
    const app = await NestFactory.createApplicationContext(appWith(OnReminder, database, metrics));
    const claimer = app.get(TimerClaimer);
    stops.push(async () => {
      await app.close();
      await database.close();
    });
    claimer.start();
    return { claimer, metrics: metrics.registry };
  }

  it('fires what is due, in order of due times, and nothing earlier', async () => {
    await schedule(
      { kind: 'reminder', key: 'c', dueAt: after(2) },
      { kind: 'reminder', key: 'a', dueAt: after(1), data: { text: 'hello' } },
      { kind: 'reminder', key: 'later', dueAt: after(60) },
    );
    const { claimer, metrics } = await aReplica();
    await eventually(async () => !(await claimer.busy()));
    expect(await firedKeys()).toEqual([]);
    expect(await claimer.nextDueAt()).toEqual(after(1));

    clock.jumpTo(after(3));
    claimer.wake();

    await eventually(async () => !(await claimer.busy()));
    expect(await firedKeys()).toEqual(['a', 'c']);
    expect(await db.query(sql`select text from fired where key = 'a'`)).toEqual([
      { text: 'hello' },
    ]);
    expect(await claimer.nextDueAt()).toEqual(after(60));
    expect(await metrics.metrics()).toMatch(
      /regulars_timers_fired_total\{kind="reminder",service="test"\} 2/,
    );
  });

  it('gives a handler no more in one transaction than it takes, and the rest at once after it', async () => {
    await schedule(...['a', 'b', 'c'].map((key) => ({ kind: 'reminder', key, dueAt: after(0) })));
    const sizes: number[] = [];
    const { claimer } = await aReplica((leased) => {
      sizes.push(leased.length);
      return Promise.resolve();
    }, 1);

    await eventually(async () => !(await claimer.busy()));

    expect(sizes).toEqual([1, 1, 1]);
    expect(await firedKeys()).toEqual(['a', 'b', 'c']);
  });

  it('hears from the transaction whether what it set is due already', async () => {
    const heard: boolean[] = [];
    const hear = (due: boolean): unknown => heard.push(due);
    timersSet.on('test', hear);

    await schedule({ kind: 'reminder', key: 'later', dueAt: after(1) });
    await schedule(
      { kind: 'reminder', key: 'later', dueAt: after(2) },
      { kind: 'reminder', key: 'now', dueAt: after(0) },
    );
    await db.withTransaction((tx) =>
      timers(tx).ensure({ kind: 'reminder', key: 'daily', dueAt: after(0) }),
    );

    timersSet.off('test', hear);
    expect(heard).toEqual([false, true, true]);
  });

  it('fires without being woken once the clock has moved', async () => {
    await aReplica();
    await schedule({ kind: 'reminder', key: 'a', dueAt: after(1) });

    clock.jumpTo(after(1));

    await eventually(async () => expect(await firedKeys()).toEqual(['a']));
  });

  it('moves a timer that is set again, and counts the last of a key named twice', async () => {
    await schedule({ kind: 'reminder', key: 'a', dueAt: after(1), data: { text: 'old' } });
    await schedule(
      { kind: 'reminder', key: 'a', dueAt: after(2), data: { text: 'older' } },
      { kind: 'reminder', key: 'a', dueAt: after(3), data: { text: 'new' } },
    );

    expect(await db.query(sql`select key, due_at, data, attempts from timers`)).toEqual([
      { key: 'a', due_at: after(3), data: { text: 'new' }, attempts: 0 },
    ]);
  });

  it('fires again what a handler puts back, after real time, though the clock stands still', async () => {
    await schedule({ kind: 'reminder', key: 'a', dueAt: after(0) });
    let times = 0;
    const { claimer } = await aReplica(async (leased, tx) => {
      times += 1;
      if (times === 3) return;
      await timers(tx).putBack(leased, 10);
      return 'put back';
    });

    await eventually(async () => expect(await firedKeys()).toEqual(['a']));

    expect(times).toBe(3);
    await eventually(async () => !(await claimer.busy()));
  });

  it('does not fire what was moved or cancelled between lease and fire', async () => {
    await schedule(
      { kind: 'reminder', key: 'moved', dueAt: after(0) },
      { kind: 'reminder', key: 'cancelled', dueAt: after(0) },
      { kind: 'reminder', key: 'stands', dueAt: after(0) },
    );
    const { claimer } = await aReplica(async () => {
      await schedule({ kind: 'reminder', key: 'moved', dueAt: after(10) });
      await db.withTransaction((tx) => timers(tx).cancel('reminder', ['cancelled', 'unknown']));
    });

    await eventually(async () => !(await claimer.busy()));

    expect(await firedKeys()).toEqual(['stands']);
    expect(await db.query(sql`select key, due_at from timers`)).toEqual([
      { key: 'moved', due_at: after(10) },
    ]);
  });

  it('fires each timer once with several replicas', async () => {
    const keys = Array.from({ length: 1_000 }, (_, i) => `k${String(i).padStart(4, '0')}`);
    await schedule(...keys.map((key) => ({ kind: 'reminder', key, dueAt: start })));

    const replicas = await Promise.all([aReplica(), aReplica(), aReplica()]);

    await eventually(async () => !(await replicas[0].claimer.busy()));
    expect((await firedKeys()).sort()).toEqual(keys);
  });

  it('fires each timer once though clocks are five minutes off, and one goes back by an hour', async () => {
    const minutes = 20;
    const keys = Array.from({ length: 200 }, (_, i) => `k${String(i).padStart(4, '0')}`);
    await schedule(
      ...keys.map((key, i) => ({ kind: 'reminder', key, dueAt: after(1 + (i % minutes)) })),
    );
    const off = { slow: -5, right: 0, fast: 5 };
    const replicas = await Promise.all(
      (['slow', 'right', 'fast'] as const).map((which) =>
        aReplica(undefined, 20, {
          ticking: false,
          now: () => new Date(clock.now().getTime() + off[which] * 60_000),
        }),
      ),
    );

    for (let minute = 1; minute <= minutes; minute += 1) {
      if (minute === 10) off.fast = -60;
      clock.jumpTo(after(minute));
      for (const { claimer } of replicas) claimer.wake();
      await eventually(async () => {
        const fired = await firedKeys();
        expect(fired.length).toBeGreaterThanOrEqual(10 * minute);
      });
    }

    expect((await firedKeys()).sort()).toEqual(keys);
  });

  it('leaves to another claimer what it holds, and does not wait for it', async () => {
    await schedule(
      { kind: 'reminder', key: 'held', dueAt: start },
      { kind: 'reminder', key: 'free', dueAt: start },
    );

    await db.withTransaction(async (tx) => {
      await tx.query(sql`select from timers where key = 'held' for update`);
      const leased = await timerStore(db).lease('reminder', 10, 60_000);
      expect(leased.map(({ key }) => key)).toEqual(['free']);
    });

    const [rest, ...others] = await timerStore(db).lease('reminder', 10, 60_000);
    expect([rest?.key, others]).toEqual(['held', []]);
  });

  it('puts a failing timer off, with its error free of values, and fires the others', async () => {
    const keys = Array.from({ length: 9 }, (_, i) => `k${String(i)}`);
    await schedule(...keys.map((key) => ({ kind: 'reminder', key, dueAt: start })));
    const looked = Promise.withResolvers<undefined>();
    const triedAt: number[] = [];
    stops.push(() => {
      looked.resolve(undefined);
      return Promise.resolve();
    });
    const { metrics } = await aReplica(async (leased) => {
      if (!leased.some(({ key }) => key === 'k4')) return;
      // Alone it has failed once; at the second time it waits until it has been looked at.
      if (leased.length === 1) triedAt.push(performance.now());
      if (triedAt.length > 1) await looked.promise;
      throw new TypeError('no room for "ada@example.org"');
    });

    // The others go after it; and it stays as it is, also when its second try has begun.
    await eventually(async () =>
      expect((await firedKeys()).sort()).toEqual(keys.filter((key) => key !== 'k4')),
    );
    const [left] = await db.query(sql`select key, due_at, attempts, last_error from timers`);
    expect(left).toEqual({
      key: 'k4',
      due_at: start,
      attempts: 1,
      last_error: 'no room for …',
    });
    // Nobody waits for it to be fired.
    await eventually(async () => !(await timerStore(db).anyDue(['reminder'])));
    expect(await metrics.metrics()).toMatch(
      /regulars_timers_failed_total\{kind="reminder",service="test"\} 1/,
    );
    await eventually(() => triedAt.length > 1);
    looked.resolve(undefined);
    const [first = 0, second = 0] = triedAt;
    expect(second - first).toBeGreaterThan(1_000 - 5);
  });

  it('tries a timer that failed again when its put-off is over', async () => {
    await schedule({ kind: 'reminder', key: 'a', dueAt: start });
    let failures = 1;
    const { claimer } = await aReplica(() => {
      if (failures-- > 0) throw new TypeError('not yet');
      return Promise.resolve();
    });

    await eventually(async () => expect(await firedKeys()).toEqual(['a']));
    await eventually(async () => !(await claimer.busy()));
  });

  it('gives leases back when the database cannot be worked with, and loses nothing', async () => {
    await schedule({ kind: 'reminder', key: 'a', dueAt: start });
    let cuts = 1;
    await aReplica(async (_, tx) => {
      if (cuts-- <= 0) return;
      const [own] = await tx.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
      await db.query(sql`select pg_terminate_backend(${own?.pid})`);
    });

    await eventually(async () => expect(await firedKeys()).toEqual(['a']));
    expect(await db.query(sql`select from timers`)).toEqual([]);
  });

  it('fires again after a crash between lease and fire, once the lease is over', async () => {
    await schedule({ kind: 'reminder', key: 'a', dueAt: start });
    const leased = await timerStore(db).lease('reminder', 10, 600_000);
    expect(leased).toHaveLength(1);

    const { claimer } = await aReplica();
    expect(await claimer.busy()).toBe(true);
    expect(await firedKeys()).toEqual([]);

    await db.query(sql`update timers set leased_until = clock_timestamp()`);

    await eventually(async () => expect(await firedKeys()).toEqual(['a']));
    const late = await db.withTransaction((tx) => timers(tx).take(leased));
    expect(late).toEqual([]);
  });

  it('waits at stop for what is being fired, and fires nothing after', async () => {
    await schedule({ kind: 'reminder', key: 'a', dueAt: start });
    const fires = Promise.withResolvers<undefined>();
    const goOn = Promise.withResolvers<undefined>();
    const { claimer } = await aReplica(async () => {
      fires.resolve(undefined);
      await goOn.promise;
    });
    await fires.promise;

    const stopped = claimer.stop();
    goOn.resolve(undefined);
    await stopped;

    expect(await firedKeys()).toEqual(['a']);
    await schedule({ kind: 'reminder', key: 'b', dueAt: start });
    claimer.wake();
    await claimer.stop();
    expect(await firedKeys()).toEqual(['a']);
  });

  it('finds due timers by index when nothing is due among many', async () => {
    await db.query(sql`
      insert into timers (kind, key, due_at, data)
      select 'reminder', i::text, ${after(60)}::timestamptz + i * interval '1 s', '{}' from generate_series(1, 20000) i`);
    await db.query(sql`analyze timers`);

    const plan = await db.query<{ 'QUERY PLAN': string }>(sql`
      explain select from timers where kind = any(${['reminder', 'other']}::text[]) and due_at <= ${start}`);

    expect(plan.map((line) => line['QUERY PLAN']).join('\n')).toContain('timers_kind_due_at');
  });

  it('has entities equal to its migrations', async () => {
    expect(await driftOf(db)).toEqual([]);
  });
});

function appWith(handler: Type, database: Database, metrics: MetricsRegistry): Type {
  @Global()
  @Module({
    providers: [
      { provide: Database, useValue: database },
      { provide: MetricsRegistry, useValue: metrics },
      { provide: LOGGER, useValue: createLogger({ service: 'timers', level: 'silent' }) },
    ],
    exports: [Database, MetricsRegistry, LOGGER],
  })
  class Frame {}

  @Module({ imports: [Frame, TimersModule], providers: [handler] })
  class App {}
  return App;
}
