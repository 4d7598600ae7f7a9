import { setTimeout as pause } from 'node:timers/promises';
import { Database } from '@regulars/persistence';
import { LogUnavailable, RecordRefused } from '../errors.js';
import { logStore, type LogTopic } from './log-store.js';
import { postgresLogMigrations } from './log.migration.js';

export interface LogDatabaseOptions {
  readonly url: string;
  readonly schema: string;
}

const POOL_SIZE = 6;
const RETRY_MS = 500;
/** SQLSTATE classes that blame the record: bad data, broken constraint, beyond a limit (a key too long for its index). */
const REFUSED = /^(22|23|54)/;

/** The log's database, connected and migrated at its first use. Every failure is one of the port's errors. */
export class LogDatabase {
  private opening: Promise<Database> | undefined;
  private readonly known = new Map<string, LogTopic>();
  private closed = false;

  constructor(private readonly options: LogDatabaseOptions) {}

  /** Runs once. Rejects with {@link LogUnavailable} or {@link RecordRefused}. */
  async use<T>(
    run: (store: ReturnType<typeof logStore>, database: Database) => Promise<T>,
  ): Promise<T> {
    if (this.closed) throw new LogUnavailable('The log is closed.');
    try {
      const database = await this.open();
      return await run(logStore(database), database);
    } catch (error) {
      throw asLogError(error);
    }
  }

  /** Tries until it works, or the log is closed. */
  async insist<T>(run: (store: ReturnType<typeof logStore>) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await this.use(run);
      } catch (error) {
        if (this.closed || !(error instanceof LogUnavailable)) throw error;
        await pause(RETRY_MS);
      }
    }
  }

  /** The topics of these names that exist; they never change, so each is read once. */
  async topics(names: readonly string[]): Promise<ReadonlyMap<string, LogTopic>> {
    const missing = names.filter((name) => !this.known.has(name));
    if (missing.length > 0) {
      const found = await this.use((store) => store.topics(missing));
      for (const topic of found) this.known.set(topic.name, topic);
    }
    return this.known;
  }

  async close(): Promise<void> {
    this.closed = true;
    const database = await this.opening?.catch(() => undefined);
    await database?.close();
  }

  private async open(): Promise<Database> {
    this.opening ??= this.connect();
    try {
      return await this.opening;
    } catch (error) {
      this.opening = undefined;
      throw error;
    }
  }

  private async connect(): Promise<Database> {
    const database = await Database.connect({
      url: this.options.url,
      schema: this.options.schema,
      service: `log-${this.options.schema}`,
      migrations: postgresLogMigrations,
      poolSize: POOL_SIZE,
    });
    try {
      await database.migrate();
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  }
}

function asLogError(error: unknown): Error {
  if (error instanceof LogUnavailable || error instanceof RecordRefused) return error;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && code.length === 5 && REFUSED.test(code)
    ? new RecordRefused(`The log's tables refuse a record (${code}).`, error)
    : new LogUnavailable('The log in Postgres does not answer.', error);
}
