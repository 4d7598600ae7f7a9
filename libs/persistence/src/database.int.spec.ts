import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  dropSchema,
  eventually,
  testDatabase,
  testSchema,
  type TestDatabase,
} from '@regulars/testing';
import { Database } from './database.js';
import { sql } from './sql.js';

/** Fails when it runs twice: the table exists already. */
class MarksInit1764000000001 implements MigrationInterface {
  name = 'MarksInit1764000000001';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table marks (name text primary key)`);
  }
  down(): Promise<void> {
    throw new Error('forward only');
  }
}

describe('Database', () => {
  let db: TestDatabase;
  beforeEach(async () => {
    db = await testDatabase({ service: 'test', migrations: [MarksInit1764000000001] });
  });
  afterEach(async () => {
    await db.drop();
  });
  const names = async () =>
    (await db.query<{ name: string }>(sql`select name from marks order by name`)).map(
      (row) => row.name,
    );

  it('commits what resolves and then gives the hint', async () => {
    const seenByHint: string[][] = [];
    let hinted: Promise<void> | undefined;

    const result = await db.withTransaction(async (tx) => {
      await tx.query(sql`insert into marks values (${'a'})`);
      tx.afterCommit(() => {
        hinted = names().then((rows) => void seenByHint.push(rows));
      });
      return 'done';
    });

    await hinted;
    expect(result).toBe('done');
    expect(seenByHint).toEqual([['a']]);
  });

  it('rolls back what rejects, passes the reason on and gives no hint', async () => {
    const reason = new Error('no');
    let hints = 0;

    const attempt = db.withTransaction(async (tx) => {
      tx.afterCommit(() => (hints += 1));
      await tx.query(sql`insert into marks values ('a')`);
      throw reason;
    });

    await expect(attempt).rejects.toBe(reason);
    expect(await names()).toEqual([]);
    expect(hints).toBe(0);
  });

  it('gives days as text, bigint and count as numbers, instants as Date', async () => {
    const [row] = await db.query(
      sql`select date '2026-03-29' as day, 9007199254740991::bigint as big, count(*) as count,
                 timestamptz '2026-03-29T01:30+01:00' as at, null::date as none from marks`,
    );

    expect(row).toEqual({
      day: '2026-03-29',
      big: 9007199254740991,
      count: 0,
      at: new Date('2026-03-29T00:30Z'),
      none: null,
    });
  });

  it('migrates once when replicas start at the same time', async () => {
    const schema = testSchema();
    const replicas = await Promise.all(
      [1, 2, 3].map(() => Database.connect({ ...db.options, schema })),
    );
    try {
      await Promise.all(replicas.map((replica) => replica.migrate()));

      const [first] = replicas;
      expect(await first?.query(sql`select name from migrations`)).toEqual([
        { name: 'MarksInit1764000000001' },
      ]);
    } finally {
      await Promise.all(replicas.map((replica) => replica.close()));
      await dropSchema(schema);
    }
  });

  it('survives the end of an idle connection', async () => {
    const errors: Error[] = [];
    const other = await Database.connect({
      ...db.options,
      poolSize: 1,
      onPoolError: (error) => errors.push(error),
    });
    try {
      const [idle] = await other.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);

      await db.query(sql`select pg_terminate_backend(${idle?.pid})`);

      await eventually(() => errors.length > 0);
      expect(await other.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
    } finally {
      await other.close();
    }
  });

  it('can be used again after its connection ended inside a transaction', async () => {
    const attempt = db.withTransaction(async (tx) => {
      const [own] = await tx.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
      await db.query(sql`select pg_terminate_backend(${own?.pid})`);
      await tx.query(sql`insert into marks values ('a')`);
    });

    await expect(attempt).rejects.toThrow();
    expect(await names()).toEqual([]);
  });
});
