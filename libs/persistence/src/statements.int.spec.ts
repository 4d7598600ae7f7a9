import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from '@regulars/persistence';
import { testDatabase, type TestDatabase } from '@regulars/testing';

describe('the plan of a statement', () => {
  let db: TestDatabase;

  beforeEach(async () => {
    db = await testDatabase({ service: 'ingestion' });
    await db.query(sql`
      create table grown (id int primary key, text text not null) with (autovacuum_enabled = off)`);
  });
  afterEach(() => db.drop());

  /** Rows that were read from end to end. */
  async function wadedThrough(): Promise<number> {
    await db.query(sql`select pg_stat_force_next_flush()::text`);
    const [read] = await db.query<{ rows: number }>(sql`
      select seq_tup_read as rows from pg_stat_user_tables where relid = 'grown'::regclass`);
    return read?.rows ?? NaN;
  }

  it('grows with its table, though nobody has analysed it since it was small', async () => {
    await db.query(sql`insert into grown values (-1, 'first')`);
    await db.query({ text: 'analyze grown', values: [] });
    const steps = 1_000;
    const rowsAStep = 20;
    for (let step = 0; step < steps; step += 1)
      await db.withTransaction(async (tx) => {
        await tx.query(sql`
          insert into grown select n, repeat('x', 100)
          from generate_series(${step * rowsAStep}::int, ${(step + 1) * rowsAStep - 1}::int) as n`);
        const found = await tx.query<{ id: number }>(sql`
          select id from grown where id = any(${[step, step + 1]}::int[])`);
        expect(found).toHaveLength(2);
      });

    // With the plan of the empty table it would be ten million.
    expect(await wadedThrough()).toBeLessThan(steps * rowsAStep * 3);
  });

  it('is made anew between transactions, never in one of which something was undone', async () => {
    await db.query(sql`insert into grown values (1, 'taken')`);
    for (let round = 0; round < 100; round += 1)
      await db.withTransaction(async (tx) => {
        tx.send(sql`savepoint before`);
        await expect(tx.query(sql`insert into grown values (1, 'late')`)).rejects.toThrow(
          'grown_pkey',
        );
        tx.send(sql`rollback to savepoint before`);
        expect(await tx.query(sql`select text from grown where id = 1`)).toEqual([
          { text: 'taken' },
        ]);
      });
  });
});
