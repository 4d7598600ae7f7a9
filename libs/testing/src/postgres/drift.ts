import type { Database } from '@regulars/persistence';

/** SQL that TypeORM would still run to make the migrated schema equal to the entities: must be empty. */
export async function driftOf(database: Database): Promise<string[]> {
  const { upQueries } = await database.dataSource.driver.createSchemaBuilder().log();
  return upQueries.map(({ query }) => query);
}
