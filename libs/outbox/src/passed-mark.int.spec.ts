import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Database, sql } from '@regulars/persistence';
import { testDatabase, type TestDatabase } from '@regulars/testing';
import { outboxEntities } from './outbox.entity.js';
import { outboxMigrations } from './outbox.migration.js';
import { outbox } from './outbox.js';
import { PassedMark } from './passed-mark.js';
import { relayStore } from './relay-store.js';

const MANY = 1_000;
const notices = (count: number) =>
  Array.from({ length: count }, () => ({
    topic: 'regulars.purchase.v1',
    key: Buffer.from('anna'),
    value: Buffer.from('{}'),
    type: 'test',
    headers: {},
  }));

/** Real: Postgres, and transactions that stay open. */
describe('the mark below which the outbox is empty', () => {
  let db: TestDatabase;
  let strangers: Database;
  let mark: PassedMark;
  beforeEach(async () => {
    db = await testDatabase({
      service: 'ingestion',
      entities: outboxEntities,
      migrations: outboxMigrations,
    });
    strangers = await Database.connect({ ...db.options, schema: 'public', service: 'stranger' });
    mark = new PassedMark(db);
  });
  afterEach(async () => {
    await strangers.close();
    await db.drop();
  });

  /** Writes so many rows, and sends what is visible. */
  const sendAll = async (count: number): Promise<number> => {
    await db.withTransaction((tx) => outbox(tx).addNotices(notices(count)));
    const rows = await relayStore(db).readUnsent(10 * MANY, mark.value);
    await relayStore(db).removeSent(rows.map(({ sequence }) => sequence));
    await mark.sentMore(rows.length);
    return rows.length;
  };
  /** A transaction that stays open until it is told to end. */
  const open = async (database: Database, work: Parameters<Database['withTransaction']>[0]) => {
    const begun = Promise.withResolvers<undefined>();
    const end = Promise.withResolvers<'commit' | 'roll back'>();
    const done = database
      .withTransaction(async (tx) => {
        await work(tx);
        begun.resolve(undefined);
        if ((await end.promise) === 'roll back') throw new Error('thought better of it');
      })
      .catch(() => undefined);
    await Promise.race([begun.promise, done]);
    return (how: 'commit' | 'roll back') => {
      end.resolve(how);
      return done;
    };
  };

  it('moves when it is worth it, and what comes later is read', async () => {
    await sendAll(MANY - 1);
    expect(mark.value).toBe(0);

    await sendAll(1);
    expect(mark.value).toBe(MANY);

    expect(await sendAll(3)).toBe(3);
  });

  it('moves while a stranger reads, and another one writes elsewhere, for minutes', async () => {
    // As a dump does: of this very table.
    const endReading = await open(db, async (tx) => {
      await tx.query(sql`set transaction isolation level repeatable read`);
      await tx.query(sql`select count(*) from outbox`);
    });
    const endWriting = await open(strangers, (tx) => tx.query(sql`select pg_current_xact_id()`));

    await sendAll(MANY);

    expect(mark.value).toBe(MANY);
    await endReading('commit');
    await endWriting('commit');
  });

  it.each(['commit', 'roll back'] as const)(
    'waits for a writer who has drawn a number, whether he will %s',
    async (how) => {
      const end = await open(db, (tx) => outbox(tx).addNotices(notices(1)));

      await sendAll(MANY);
      await sendAll(MANY);
      expect(mark.value).toBe(0);

      await end(how);
      expect(await sendAll(MANY)).toBe(how === 'commit' ? MANY + 1 : MANY);
      await sendAll(MANY);
      expect(mark.value).toBeGreaterThan(2 * MANY);
    },
  );

  it('stays below what is visible and unsent', async () => {
    await db.withTransaction((tx) => outbox(tx).addNotices(notices(1)));

    await mark.sentMore(MANY);

    expect(mark.value).toBe(0);
    expect(await relayStore(db).readUnsent(10, mark.value)).toHaveLength(1);
  });
});
