import type { EntityManager } from 'typeorm';
import type { Clock } from '@regulars/kernel';
import type { Sql } from './sql.js';

/** One database transaction, READ COMMITTED, passed explicitly to everything that writes in it. */
export interface Transaction {
  /** Name of the service whose schema this is; the `source` of events written in it. */
  readonly service: string;
  readonly clock: Clock;
  /** Rows of the statement. `date` columns come as "YYYY-MM-DD", bigint and count as number, timestamptz as Date. */
  query<Row extends object = Record<string, never>>(statement: Sql): Promise<Row[]>;
  /** TypeORM's manager in the same transaction, for single aggregates behind the API. */
  readonly manager: EntityManager;
  /** Runs after the commit, and not at all after a rollback. For hints (wake the relay), never for effects. */
  afterCommit(hint: () => void): void;
}
