import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Database } from '@regulars/persistence';
import { eventually, testDatabase, type TestDatabase } from '@regulars/testing';
import { BatchProcessor } from './batch-processor.js';
import { LogUnavailable } from './errors.js';
import type { RecordBatch } from './event-log.js';
import { messagingEntities } from './messaging.entity.js';
import { messagingMigrations } from './messaging.migration.js';
import { Turns } from './turns.js';

/** Two services of one process. */
describe('consumers that share turns', () => {
  let db: TestDatabase;
  let turns: Turns;
  let retries: number;
  beforeEach(async () => {
    db = await testDatabase({
      service: 'prediction',
      entities: messagingEntities,
      migrations: messagingMigrations,
    });
    turns = new Turns(1);
    retries = 0;
  });
  afterEach(() => db.drop());

  it('have one transaction at a time', async () => {
    const { promise: ended, resolve: end } = Promise.withResolvers<undefined>();
    const begun: string[] = [];
    const slow = consumer('prediction', async (run) => {
      begun.push('prediction');
      await ended;
      return run();
    });
    const other = consumer('metrics', (run) => {
      begun.push('metrics');
      return run();
    });
    const first = slow.process(stretch());
    await eventually(() => begun.length === 1);
    const second = other.process(stretch());
    await db.query({ text: 'select 1', values: [] });
    expect(begun).toEqual(['prediction']);

    end(undefined);
    expect(await Promise.all([first, second])).toEqual([7n, 7n]);
    expect(begun).toEqual(['prediction', 'metrics']);
  });

  it('leave the turn to others while they wait for what is away', async () => {
    let away = true;
    const outage = consumer('prediction', (run) =>
      away ? Promise.reject(new LogUnavailable('away')) : run(),
    );
    const waiting = outage.process(stretch());
    await eventually(() => retries > 0);

    expect(await consumer('metrics', (run) => run()).process(stretch())).toBe(7n);
    away = false;
    expect(await waiting).toBe(7n);
  });

  /** `around` stands for what a transaction takes. */
  function consumer(
    group: string,
    around: <T>(run: () => Promise<T>) => Promise<T>,
  ): BatchProcessor {
    const withTransaction: Database['withTransaction'] = (run) =>
      around(() => db.withTransaction(run));
    const database = new Proxy(db, {
      get: (target, name) =>
        name === 'withTransaction' ? withTransaction : (Reflect.get(target, name) as unknown),
    });
    return new BatchProcessor({
      group,
      database,
      shared: { turns, decoded: new WeakMap() },
      handlers: new Map(),
      observer: {
        passed: () => undefined,
        retrying: () => {
          retries += 1;
        },
        deadLettered: () => undefined,
        blocked: () => undefined,
      },
      settings: { conflictDelayMs: 1, maxUnavailableDelayMs: 5 },
      notify: () => Promise.resolve(),
    });
  }
});

/** Without records: its end is stored all the same. */
function stretch(): RecordBatch {
  return {
    topic: 'regulars.product.v1',
    partition: 3,
    records: [],
    nextOffset: 7n,
    isOwned: () => true,
    heartbeat: () => Promise.resolve(),
  };
}
