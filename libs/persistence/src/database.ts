import { DataSource, type EntitySchema, type MigrationInterface } from 'typeorm';
import { systemClock, type Clock } from '@regulars/kernel';
import { columnTypes } from './column-types.js';
import { OpenTransaction } from './open-transaction.js';
import { sql, type Sql } from './sql.js';
import { rows, type PgClient } from './statements.js';
import type { Transaction } from './transaction.js';

type Class<T> = new () => T;

export interface DatabaseOptions {
  readonly url: string;
  /** The service's schema; made when missing and alone on the search path. */
  readonly schema: string;
  /** Changes nothing, also the schema is not made: for looking at a database that may be the wrong one. */
  readonly readOnly?: boolean;
  readonly service: string;
  readonly clock?: Clock;
  // TypeORM takes entity classes of any shape.
  readonly entities?: readonly (Class<object> | EntitySchema)[];
  readonly migrations?: readonly Class<MigrationInterface>[];
  readonly poolSize?: number;
  /**
   * Whatever is read is found by an index. A statement keeps the plan that it got when its tables were empty, and they may
   * hold a million rows before Postgres looks at them again: it must not have learned to read all of them.
   */
  readonly readsByIndex?: boolean;
  /** Awaited with each new connection before anybody else gets it; a rejection refuses the connection. */
  readonly onConnect?: (query: Transaction['query']) => Promise<void>;
  /** An idle client or the pool failed: connections are made anew, the caller only records it. */
  readonly onPoolError?: (error: Error) => void;
}

/** A service's own database: pool, transactions, migrations. */
export class Database {
  private constructor(
    readonly dataSource: DataSource,
    readonly options: DatabaseOptions,
  ) {}

  /** Connects, and makes the schema; runs no migrations. Rejects when Postgres cannot be reached. */
  static async connect(options: DatabaseOptions): Promise<Database> {
    if (!/^[a-z][a-z0-9_]{0,62}$/.test(options.schema)) {
      throw new RangeError(`Not a schema name: ${options.schema}`);
    }
    const dataSource = new DataSource({
      type: 'postgres',
      url: options.url,
      schema: options.schema,
      entities: [...(options.entities ?? [])],
      migrations: [...(options.migrations ?? [])],
      migrationsTableName: 'migrations',
      migrationsTransactionMode: 'each',
      installExtensions: false,
      uuidExtension: 'pgcrypto',
      applicationName: `regulars-${options.service}`,
      poolSize: options.poolSize ?? 10,
      invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
      poolErrorHandler: (error: unknown) => {
        options.onPoolError?.(error as Error);
      },
      extra: {
        types: columnTypes,
        connectionTimeoutMillis: 5_000,
        idleTimeoutMillis: 30_000,
        keepAlive: true,
        onConnect: (client: PgClient) =>
          options.onConnect?.((statement) => rows(client, statement)),
        options: [
          `-c search_path=${options.schema}`,
          '-c synchronous_commit=on',
          '-c idle_in_transaction_session_timeout=10s',
          '-c statement_timeout=60s',
          '-c lock_timeout=30s',
          '-c timezone=UTC',
          ...(options.readsByIndex === true ? ['-c enable_seqscan=off'] : []),
          ...(options.readOnly === true ? ['-c default_transaction_read_only=on'] : []),
        ].join(' '),
      },
    });
    await dataSource.initialize();
    const database = new Database(dataSource, options);
    if (options.readOnly !== true) await database.makeSchema();
    return database;
  }

  get clock(): Clock {
    return this.options.clock ?? systemClock;
  }

  /** Runs pending migrations; replicas that start at the same time wait for one another. */
  async migrate(): Promise<void> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.query(`select pg_advisory_lock(hashtext($1))`, [
        `regulars-migrate-${this.options.schema}`,
      ]);
      await this.dataSource.runMigrations();
    } finally {
      await runner.query(`select pg_advisory_unlock_all()`);
      await runner.release();
    }
  }

  /** One transaction. It commits when `run` resolves and rolls back when it rejects. */
  async withTransaction<T>(run: (tx: Transaction) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const hints: (() => void)[] = [];
    try {
      const open = new OpenTransaction((await runner.connect()) as PgClient);
      let result: T;
      try {
        result = await run({
          service: this.options.service,
          clock: this.clock,
          query: (statement) => open.query(statement),
          send: (statement) => {
            open.send(statement);
          },
          flush: () => open.flush(),
          afterCommit: (hint) => hints.push(hint),
        });
        await open.commit();
      } catch (error) {
        // A failed rollback (connection gone) must not hide why we roll back; Postgres rolls back by itself.
        await open.rollBack().catch(() => undefined);
        throw error;
      }
      for (const hint of hints) hint();
      return result;
    } finally {
      await runner.release();
    }
  }

  /** A single statement outside any transaction of ours: reads behind the API. */
  async query<Row extends object = Record<string, never>>(statement: Sql): Promise<Row[]> {
    const runner = this.dataSource.createQueryRunner();
    try {
      return await rows<Row>((await runner.connect()) as PgClient, statement);
    } finally {
      await runner.release();
    }
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
  }

  private async makeSchema(): Promise<void> {
    // `create schema if not exists` races with itself on a fresh database; the lock makes it wait.
    await this.withTransaction(async (tx) => {
      await tx.query(
        sql`select pg_advisory_xact_lock(hashtext(${`schema-${this.options.schema}`}))`,
      );
      await tx.query({ text: `create schema if not exists "${this.options.schema}"`, values: [] });
    });
  }
}
