import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { gapOf } from '@regulars/kernel';
import { Database, sql, type Sql } from '@regulars/persistence';
import { eventually, testDatabase, type TestDatabase } from '@regulars/testing';
import { foldOutboxCounts, outboxBalance } from './outbox-balance.js';
import { outboxMigrations } from './outbox.migration.js';
import { outbox } from './outbox.js';
import { relayStore } from './relay-store.js';

let db: TestDatabase;
beforeEach(async () => {
  db = await testDatabase({ service: 'ingestion', migrations: outboxMigrations });
});
afterEach(() => db.drop());

const notice = { topic: 'notes', key: null, value: null, type: 'note', headers: {} };

async function write(rows: number, database: Database = db): Promise<void> {
  await database.withTransaction((tx) =>
    outbox(tx).addNotices(Array.from({ length: rows }, () => notice)),
  );
}

async function send(rows: number): Promise<number> {
  const store = relayStore(db);
  const unsent = await store.readUnsent(rows);
  await store.removeSent(unsent.map(({ sequence }) => sequence));
  return unsent.length;
}

describe('the sum of outbox rows', () => {
  it('knows what became of every row, and of rolled back ones nothing', async () => {
    await write(10);
    await send(4);
    const [row] = await relayStore(db).readUnsent(1);
    await relayStore(db).setAside(row?.sequence ?? 0, 'too-large');
    await db
      .withTransaction(async (tx) => {
        await outbox(tx).addNotices([notice]);
        throw new Error('rolled back');
      })
      .catch(() => undefined);

    expect(await outboxBalance(db)).toEqual({
      sum: 'outbox',
      of: '',
      whole: 10,
      parts: { acknowledged: 4, 'set-aside': 1, unsent: 5 },
      gaps: [],
    });
    expect(await relayStore(db).unsent()).toEqual({
      count: 5,
      oldest: expect.any(Date),
      refused: 1,
    });
  });

  it('tells what waits from what does not, whatever the counts say', async () => {
    await write(2);
    await db.query(sql`update outbox_counts set acknowledged = written + 7`);
    expect(await relayStore(db).unsent()).toMatchObject({ count: 1 });

    await send(2);
    await db.query(sql`update outbox_counts set written = acknowledged + 7`);
    expect(await relayStore(db).unsent()).toEqual({ count: 0, oldest: null, refused: 0 });
  });

  it('has no gap at any moment under load', async () => {
    let writing = 8;
    const writers = Array.from({ length: writing }, async () => {
      for (let turn = 0; turn < 25; turn += 1) await write(turn % 4);
      writing -= 1;
    });
    // The relay begins when the watch has seen rows that wait for it: else it may have watched an idle house.
    const seen = Promise.withResolvers<undefined>();
    let begun = false;
    const begin = (): void => {
      begun = true;
      seen.resolve(undefined);
    };
    const relay = async (): Promise<void> => {
      await seen.promise;
      // Whether all is written is asked before the look that finds nothing left.
      for (let all = false, left = true; !all || left;) {
        all = writing === 0;
        left = (await send(50)) > 0;
      }
    };
    const watch = async (): Promise<void> => {
      while (writing > 0 || !begun) {
        const balance = await outboxBalance(db);
        expect(balance.gaps).toEqual([]);
        if (balance.parts['unsent']) begin();
        await foldOutboxCounts(db);
      }
    };
    await Promise.all([...writers, relay(), watch()]);

    expect(await outboxBalance(db)).toMatchObject({
      whole: 8 * 36,
      parts: { acknowledged: 8 * 36, unsent: 0 },
      gaps: [],
    });
  });

  it('makes writers of different connections wait for nobody', async () => {
    await db.withTransaction(async (tx) => {
      await outbox(tx).addNotices([notice]);
      await write(1);
    });
    expect(await outboxBalance(db)).toMatchObject({ whole: 2, gaps: [] });
  });

  it('keeps the counts of connections that have ended, in one row', async () => {
    const { url, schema } = db.options;
    const other = await Database.connect({ url, schema, service: 'ingestion' });
    await write(3, other);
    await other.close();
    await write(2);
    const rows = async (): Promise<object[]> =>
      db.query(sql`select written from outbox_counts where written > 0 order by backend`);
    expect(await rows()).toHaveLength(2);

    // Postgres ends the session a moment after the connection.
    await eventually(async () => {
      await foldOutboxCounts(db);
      expect(await rows()).toEqual([{ written: 3 }, { written: 2 }]);
    });

    expect(await outboxBalance(db)).toMatchObject({ whole: 5, gaps: [] });
  });

  it.each<[string, Sql]>([
    ['an unsent row that is gone', sql`delete from outbox where sequence = 3`],
    ['a refused row that is gone', sql`delete from outbox_refused`],
    [
      'a count that was moved',
      sql`update outbox_counts set acknowledged = acknowledged + 1 where written > 0`,
    ],
  ])('shows %s', async (_, change) => {
    await write(5);
    await relayStore(db).setAside(1, 'too-large');
    await db.query(change);

    const balance = await outboxBalance(db);
    expect(gapOf(balance)).toBe(1);
    expect(balance.gaps[0]?.finding).toMatch(
      /^rows written against rows that are accounted for: 5, /,
    );
  });
});
