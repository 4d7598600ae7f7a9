import { expect, it } from '@jest/globals';
import { standingClock } from '@regulars/kernel';
import { MetricsRegistry } from '@regulars/observability';
import { sql, type Transaction } from '@regulars/persistence';
import { testDatabase } from '@regulars/testing';
import {
  canonicalDump,
  countedDatabase,
  crashEverywhere,
  CrashPoints,
  keepTables,
} from '@regulars/testing/crash';
import { timerMetrics } from './timer-metrics.js';
import { fireTimers } from './timer-fire.js';
import type { TimerHandler } from './timer-handler.js';
import { timerStore } from './timer-store.js';
import { timers } from './timers.js';
import { timersMigrations } from './timers.migration.js';
import type { LeasedTimer } from './timer.js';

const now = new Date('2026-03-01T09:00:00Z');
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000);

/** Real: Postgres, leases, the firing of a batch. */
it('timers, crashed twice at any effect, fire once each, and so do those that they set', async () => {
  const points = new CrashPoints();
  const db = await testDatabase({
    service: 'test',
    migrations: timersMigrations,
    clock: standingClock(now),
  });
  await db.query(sql`create table fired (key text not null)`);
  await db.withTransaction((tx) =>
    timers(tx).schedule([
      { kind: 'reminder', key: 'a', dueAt: later(-2) },
      { kind: 'reminder', key: 'b', dueAt: later(-1) },
      { kind: 'reminder', key: 'later', dueAt: later(60) },
    ]),
  );
  const restore = await keepTables(db);

  const { runs, sound, differences } = await crashEverywhere(
    {
      points,
      reset: restore,
      work: async () => {
        // The process that died did so a while ago: its leases are over.
        await db.query(sql`update timers set leased_until = null`);
        const database = countedDatabase(db, points);
        const metrics = timerMetrics(new MetricsRegistry('test'), ['reminder']);
        for (;;) {
          const leased = await timerStore(database).lease('reminder', 10, 30_000);
          if (leased.length === 0) return;
          await fireTimers(onReminder, leased, { database, metrics, onPutOff: () => undefined });
        }
      },
      outcome: () => canonicalDump(db, new Set()),
    },
    { twice: true },
  );
  await db.drop();

  expect(sound).toMatchObject({
    fired: ['{"key":"a"}', '{"key":"again a"}', '{"key":"again b"}', '{"key":"b"}'],
    timers: [expect.stringContaining('"later"')],
  });
  expect(differences).toEqual([]);
  expect(runs).toBeGreaterThan(50);
});

/** Writes down what it takes, and sets another one for each. */
const onReminder: TimerHandler = {
  async fire(leased: readonly LeasedTimer[], tx: Transaction): Promise<void> {
    const taken = await timers(tx).take(leased);
    for (const { key } of taken) await tx.query(sql`insert into fired values (${key})`);
    await timers(tx).schedule(
      taken
        .filter(({ key }) => !key.startsWith('again'))
        .map(({ key }) => ({ kind: 'reminder', key: `again ${key}`, dueAt: now })),
    );
  },
};
