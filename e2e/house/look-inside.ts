import { Database, type Sql } from '@regulars/persistence';

/** Runs one statement on the database of a house, past the API, on a connection that does not stay. */
export async function lookInside(url: string, statement: Sql): Promise<Record<string, unknown>[]> {
  const database = await Database.connect({ url, schema: 'public', service: 'e2e', poolSize: 1 });
  try {
    return await database.query(statement);
  } finally {
    await database.close();
  }
}
