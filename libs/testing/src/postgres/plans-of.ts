import { type Database, type Sql, type Transaction } from '@regulars/persistence';

type Queries = Pick<Transaction, 'query'>;

/**
 * How Postgres would run what a store asks: for the values given, and for any (`generic`), which is what a prepared
 * statement gets after a few runs. Nothing is executed; every query answers no rows.
 */
export async function plansOf(
  database: Database,
  use: (queries: Queries) => Promise<unknown>,
): Promise<string[]> {
  const asked: Sql[] = [];
  await use({
    query: (statement) => {
      asked.push(statement);
      return Promise.resolve([]);
    },
  });
  const plans: string[] = [];
  for (const { text, values } of asked) {
    const explain = async (options: string, parameters: readonly unknown[]): Promise<void> => {
      const rows = await database.dataSource.query<{ 'QUERY PLAN': string }[]>(
        `explain (costs off${options}) ${text}`,
        parameters.length > 0 ? [...parameters] : undefined,
      );
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
    };
    await explain('', values);
    await explain(', generic_plan', []);
  }
  return plans;
}
