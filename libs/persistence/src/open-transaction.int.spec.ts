import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@regulars/testing';
import { Database } from './database.js';
import { OpenTransaction } from './open-transaction.js';
import { sql } from './sql.js';
import type { PgClient } from './statements.js';

const insert = (name: string | object) => sql`insert into marks values (${name})`;
const read = sql`select name from marks order by name`;
const forbidden = 'never';

/** Unknown statements go one by one, known ones together: what becomes of them must be the same. */
describe.each(['unknown', 'known'])('statements of a transaction that are %s', (kind) => {
  let owner: TestDatabase;
  let db: Database;
  beforeEach(async () => {
    owner = await testDatabase({ service: 'test' });
    await owner.query(sql`
      create table marks (name text primary key, at date default '2026-03-29', big bigint default 5,
        constraint allowed check (name <> 'never'))`);
    db = await Database.connect({ ...owner.options, poolSize: 1 });
    if (kind === 'known') {
      for (const statement of [insert('x'), read, sql`savepoint one`, sql`delete from marks`])
        await db.withTransaction((tx) => tx.query(statement));
      await db.withTransaction(async (tx) => {
        await tx.query(sql`savepoint one`);
        await tx.query(sql`rollback to savepoint one`);
      });
    }
  });
  afterEach(async () => {
    await db.close();
    await owner.drop();
  });

  const names = async () => (await owner.query<{ name: string }>(read)).map(({ name }) => name);

  it('do what they would do one by one', async () => {
    const seen = await db.withTransaction(async (tx) => {
      tx.send(insert('b'));
      const [before, , after] = await Promise.all([
        tx.query(read),
        tx.query(insert('a')),
        tx.query(read),
      ]);
      tx.send(insert('c'));
      return [before, after];
    });

    expect(seen).toEqual([[{ name: 'b' }], [{ name: 'a' }, { name: 'b' }]]);
    expect(await names()).toEqual(['a', 'b', 'c']);
  });

  it('undo all when one that was sent fails with the commit', async () => {
    const attempt = db.withTransaction(async (tx) => {
      await tx.query(insert('a'));
      tx.send(insert(forbidden));
      tx.send(insert('b'));
    });

    await expect(attempt).rejects.toMatchObject({ code: '23514' });
    expect(await names()).toEqual([]);
    await db.withTransaction((tx) => tx.query(insert('again')));
    expect(await names()).toEqual(['again']);
  });

  it('undo all when one of them cannot be put into words', async () => {
    const unspeakable = {
      toPostgres: () => {
        throw new TypeError('No words.');
      },
    };
    const attempt = db.withTransaction(async (tx) => {
      await tx.query(insert('a'));
      tx.send(insert('b'));
      tx.send(insert(unspeakable));
    });

    await expect(attempt).rejects.toThrow('No words.');
    expect(await names()).toEqual([]);
    await db.withTransaction((tx) => tx.query(insert('again')));
    expect(await names()).toEqual(['again']);
  });

  it('tell a failure where it is asked for, and go on from a savepoint', async () => {
    await db.withTransaction(async (tx) => {
      await tx.query(insert('a'));
      tx.send(sql`savepoint one`);
      tx.send(insert(forbidden));
      await expect(tx.flush()).rejects.toMatchObject({ code: '23514' });
      tx.send(sql`rollback to savepoint one`);
      tx.send(insert('b'));
    });

    expect(await names()).toEqual(['a', 'b']);
  });

  it('fail together when they were asked for together', async () => {
    const told: unknown[] = [];
    const attempt = db.withTransaction(async (tx) => {
      const all = await Promise.allSettled([tx.query(insert('a')), tx.query(insert(forbidden))]);
      told.push(...all.map(({ status }) => status));
      throw new Error('enough');
    });

    await expect(attempt).rejects.toThrow('enough');
    expect(told).toEqual(['rejected', 'rejected']);
    expect(await names()).toEqual([]);
  });

  it('keep their order when one is asked for while others are under way', async () => {
    const [, seen] = await db.withTransaction(async (tx) => {
      const first = Promise.all([tx.query(insert('a')), tx.query(insert('b'))]);
      await Promise.resolve();
      return Promise.all([first, tx.query(read)]);
    });

    expect(seen).toEqual([{ name: 'a' }, { name: 'b' }]);
  });

  it('are refused once the transaction has ended', async () => {
    const tx = await db.withTransaction((own) => Promise.resolve(own));

    expect(() => tx.query(insert('a'))).toThrow('has ended');
    expect(() => {
      tx.send(insert('a'));
    }).toThrow('has ended');
  });

  it('end with their connection', async () => {
    const attempt = db.withTransaction(async (tx) => {
      const [own] = await tx.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
      tx.send(insert('a'));
      await owner.query(sql`select pg_terminate_backend(${own?.pid})`);
      tx.send(insert('b'));
    });

    await expect(attempt).rejects.toThrow();
    expect(await names()).toEqual([]);
  });
});

describe('ways to Postgres and back', () => {
  it('are two for a read, what follows from it, and the commit', async () => {
    const db = await testDatabase({ service: 'test' });
    await db.query(sql`create table marks (name text primary key)`);
    const runner = db.dataSource.createQueryRunner();
    const client = (await runner.connect()) as PgClient;
    let ways = 0;
    const counted = {
      query: (asked: never) => {
        ways += 1;
        return client.query(asked);
      },
    };
    const run = async (name: string) => {
      ways = 0;
      const tx = new OpenTransaction(counted);
      await Promise.all([tx.query(read), tx.query(sql`select 1`)]);
      tx.send(insert(name));
      await tx.commit();
      return ways;
    };
    try {
      expect(await run('first')).toBe(5);
      expect(await run('second')).toBe(2);
      ways = 0;
      await new OpenTransaction(counted).commit();
      expect(ways).toBe(0);
      expect(await db.query(read)).toEqual([{ name: 'first' }, { name: 'second' }]);
    } finally {
      await runner.release();
      await db.drop();
    }
  });
});
