import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { metricsText, MetricsRegistry } from '@regulars/observability';
import { sql } from '@regulars/persistence';
import { eventually, testDatabase, type TestDatabase } from '@regulars/testing';
import { BacklogWatch } from './backlog-watch.js';
import { outboxEntities } from './outbox.entity.js';
import { outboxMigrations } from './outbox.migration.js';
import { outbox } from './outbox.js';

describe('a watch over the outbox', () => {
  let db: TestDatabase;
  let watch: BacklogWatch;
  let metrics: MetricsRegistry;
  let changes: (string | undefined)[];
  let looks: number;

  beforeEach(async () => {
    db = await testDatabase({
      service: 'ingestion',
      entities: outboxEntities,
      migrations: outboxMigrations,
    });
    metrics = new MetricsRegistry('ingestion');
    changes = [];
    looks = 0;
    watch = new BacklogWatch({
      database: db,
      limits: { rows: 10, ageMs: 60_000 },
      metrics,
      passed: () => {
        looks += 1;
        return 0;
      },
      onChange: (overload) => changes.push(overload),
      onError: (error) => {
        throw error;
      },
    });
    watch.start();
  });
  afterEach(async () => {
    await watch.stop();
    await db.drop();
  });

  const write = (count: number) =>
    db.withTransaction((tx) =>
      outbox(tx).addNotices(
        Array.from({ length: count }, () => ({
          topic: 'regulars.purchase.v1',
          key: null,
          value: null,
          type: 'Any',
          headers: {},
        })),
      ),
    );

  it('hears of commits, refuses when too many rows wait, and ends it by itself when they are gone', async () => {
    await write(9);
    await eventually(() => watch.ageMs > 0);
    expect(watch.overload).toBeUndefined();

    await write(1);
    await eventually(() => watch.overload === 'outbox-too-large');
    expect(await metricsText([metrics])).toContain(
      'regulars_intake_refusing{reason="outbox-too-large",service="ingestion"} 1',
    );

    // Nobody commits here any more: a relay in another process takes them away.
    await db.query(sql`delete from outbox where sequence <= 6`);
    await eventually(() => watch.overload === undefined);
    expect(changes).toEqual(['outbox-too-large', undefined]);
    expect(await metricsText([metrics])).toContain(
      'regulars_intake_refusing{reason="outbox-too-large",service="ingestion"} 0',
    );
  });

  it('looks no more once nothing waits, until somebody commits', async () => {
    const timers = jest.spyOn(globalThis, 'setTimeout');
    await write(1);
    await eventually(() => watch.ageMs > 0);
    await db.query(sql`delete from outbox`);
    await eventually(() => watch.ageMs === 0);

    // The first look was set before the spy came; of those that were set since none is still to come.
    const set = timers.mock.calls.filter(([, ms]) => ms === 250).length;
    expect(set).toBeGreaterThan(0);
    expect(looks).toBe(set + 1);
    timers.mockRestore();

    await write(1);
    await eventually(() => watch.ageMs > 0);
  });
});
