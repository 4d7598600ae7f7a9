import { setTimeout as delay } from 'node:timers/promises';
import { httpEntities, httpMigrations } from '@regulars/http';
import type { Clock } from '@regulars/kernel';
import { classOf, messagingEntities, messagingMigrations } from '@regulars/messaging';
import type { Logger } from '@regulars/observability';
import { followTimeline, outboxEntities, outboxMigrations, raiseEpoch } from '@regulars/outbox';
import { Database, type Transaction } from '@regulars/persistence';
import { timersEntities, timersMigrations } from '@regulars/timers';
import type { ServiceDefinition } from './service-definition.js';

/** All tables of a service: its own and those of the libs. */
export function tablesOf(
  definition: ServiceDefinition,
): Pick<ServiceDefinition, 'entities' | 'migrations'> {
  return {
    entities: [
      ...messagingEntities,
      ...outboxEntities,
      ...timersEntities,
      ...httpEntities,
      ...definition.entities,
    ],
    migrations: [
      ...messagingMigrations,
      ...outboxMigrations,
      ...timersMigrations,
      ...httpMigrations,
      ...definition.migrations,
    ],
  };
}

export interface ConnectOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly poolSize?: number;
  /** Stops waiting: the process was told to end. */
  readonly signal?: AbortSignal;
  /** A connection led to another timeline of the database. Reject to refuse it. */
  readonly onNewTimeline?: () => Promise<void>;
}

/**
 * The service's database, migrated, with its epoch raised. Waits while Postgres is away: services may start in any
 * order (G12). Rejects on what waiting cannot mend (wrong password, a failing migration).
 */
export async function connectDatabase(
  definition: ServiceDefinition,
  options: ConnectOptions,
): Promise<Database> {
  const { entities, migrations } = tablesOf(definition);
  let raised = false;
  const onConnect = async (query: Transaction['query']): Promise<void> => {
    // Before its own raising the tables may be missing, and nothing is written.
    if (!raised || !(await followTimeline(query))) return;
    options.logger.warn('the database is on another timeline; the epoch was raised');
    await options.onNewTimeline?.();
  };
  for (let attempt = 0; ; attempt += 1) {
    try {
      const database = await Database.connect({
        url: options.url,
        schema: definition.name,
        service: definition.name,
        clock: options.clock,
        entities,
        migrations,
        ...(options.poolSize === undefined ? {} : { poolSize: options.poolSize }),
        readsByIndex: definition.readsByIndex ?? false,
        onConnect,
        onPoolError: (error) => {
          options.logger.warn({ err: error }, 'a database connection was lost');
        },
      });
      try {
        await database.migrate();
        await raiseEpoch(database);
        raised = true;
        return database;
      } catch (error) {
        await database.close();
        throw error;
      }
    } catch (error) {
      if (classOf(error) !== 'unavailable') throw error;
      options.logger.warn({ err: error }, 'the database does not answer yet');
      await delay(Math.min(5_000, 200 * 2 ** Math.min(attempt, 5)), undefined, {
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
    }
  }
}
