import { Database, sql, type Sql } from '@regulars/persistence';

/** A stranger's transaction that has run these statements and stays open while `work` is done. */
export async function whileHeld<T>(
  url: string,
  statements: readonly Sql[],
  work: () => Promise<T>,
): Promise<T> {
  const database = await Database.connect({ url, schema: 'public', service: 'held', poolSize: 1 });
  try {
    return await database.withTransaction(async (tx) => {
      await tx.query(sql`set local idle_in_transaction_session_timeout = 0`);
      for (const statement of statements) await tx.query(statement);
      return work();
    });
  } finally {
    await database.close();
  }
}
