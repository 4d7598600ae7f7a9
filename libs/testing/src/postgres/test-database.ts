import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { Database, type DatabaseOptions } from '@regulars/persistence';

export type TestDatabaseOptions = Pick<DatabaseOptions, 'service'> &
  Partial<Pick<DatabaseOptions, 'entities' | 'migrations' | 'clock' | 'poolSize' | 'readsByIndex'>>;

/** A migrated database on a schema of its own. `Database.connect(db.options)` is a second replica on the same one. */
export type TestDatabase = Database & {
  readonly url: string;
  readonly schema: string;
  /** Closes the pool and removes the schema. */
  drop(): Promise<void>;
};

/** Address of the Postgres that Jest's globalSetup started. */
export function testDatabaseUrl(): string {
  const url = process.env['REGULARS_TEST_DATABASE_URL'];
  if (!url) throw new Error('No test Postgres: name the file *.int.spec.ts or *.e2e.spec.ts.');
  return url;
}

export async function testDatabase(options: TestDatabaseOptions): Promise<TestDatabase> {
  const url = testDatabaseUrl();
  const schema = testSchema();
  const database = await Database.connect({ ...options, url, schema });
  await database.migrate();
  return Object.assign(database, {
    url,
    schema,
    drop: async () => {
      await database.close();
      await dropSchema(schema);
    },
  });
}

/** Removes a schema through a connection of its own, whatever became of the pools that used it. */
export async function dropSchema(schema: string): Promise<void> {
  const admin = await Database.connect({
    url: testDatabaseUrl(),
    schema: 'public',
    service: 'test',
    poolSize: 1,
  });
  try {
    await admin.dataSource.query(`drop schema if exists "${schema}" cascade`);
  } finally {
    await admin.close();
  }
}

/** A fresh schema name that says which test file it belongs to. */
export function testSchema(): string {
  const file = basename(testPath() ?? 'outside-jest').replace(/\..*$/, '');
  const name = file
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, 40);
  return `t_${name}_${randomBytes(4).toString('hex')}`;
}

/** Asked of the global, not imported: this package is also used where no Jest runs. */
function testPath(): string | undefined {
  const { expect } = globalThis as { expect?: { getState(): { testPath?: string } } };
  return expect?.getState().testPath;
}
