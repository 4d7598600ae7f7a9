import type { Clock } from '@regulars/kernel';
import type { Sql } from './sql.js';

/** One database transaction, READ COMMITTED, passed explicitly to everything that writes in it. */
export interface Transaction {
  /** Name of the service whose schema this is; the `source` of events written in it. */
  readonly service: string;
  readonly clock: Clock;
  /**
   * Rows of the statement. `date` columns come as "YYYY-MM-DD", bigint and count as number, timestamptz as Date. Statements
   * that are asked for before the first of them is awaited share one way to Postgres and back; when one fails, all do.
   */
  query<Row extends object = Record<string, never>>(statement: Sql): Promise<Row[]>;
  /**
   * Runs a statement of which nobody needs an answer: it goes with the next one, at the latest with the commit, and its
   * failure is theirs. Where a failure must be told here, {@link flush} after it.
   */
  send(statement: Sql): void;
  /** Everything that was sent is done. */
  flush(): Promise<void>;
  /** Runs after the commit, and not at all after a rollback. For hints (wake the relay), never for effects. */
  afterCommit(hint: () => void): void;
}
