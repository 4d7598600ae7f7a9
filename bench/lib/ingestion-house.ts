import { loadServiceConfig } from '@regulars/config';
import { ingestion } from '@regulars/ingestion';
import { createPostgresLog, type EventLog } from '@regulars/messaging';
import type { Database } from '@regulars/persistence';
import { startService, type RunningService, type ServiceDefinition } from '@regulars/service';
import { freshGround } from './fresh-ground.ts';
import { httpClient, type HttpClient } from './http-client.ts';

export interface IngestionHouse {
  readonly database: Database;
  readonly databaseUrl: string;
  readonly log: EventLog;
  readonly client: HttpClient;
  /** Posts a batch; rejects unless every item is new. */
  create(items: readonly object[]): Promise<void>;
  /** Starts another service beside it, on the same database and log; answers when it works. */
  start(definition: ServiceDefinition): Promise<RunningService>;
  readonly service: RunningService;
  close(): Promise<void>;
}

/** Ingestion alone on a durable Postgres of its own. Without its log nothing is relayed: the outbox keeps all. */
export async function openIngestion({ relays = true } = {}): Promise<IngestionHouse> {
  const onFatal = (error: Error): void => {
    throw error;
  };
  const ground = await freshGround();
  const databaseUrl = ground.env.REGULARS_DATABASE_URL;
  const config = loadServiceConfig(
    {
      ...ground.env,
      REGULARS_LOG_LEVEL: 'error',
      REGULARS_RATE_LIMIT_PER_MINUTE: '10000000',
      REGULARS_PORT: '0',
      REGULARS_HOST: '127.0.0.1',
      ...(relays ? {} : { REGULARS_KAFKA_BROKERS: '127.0.0.1:1' }),
    },
    'ingestion',
  );
  const log = createPostgresLog({ databaseUrl });
  const service = await startService(ingestion, config, { onFatal, ...(relays ? { log } : {}) });
  if (relays) await service.flowing;
  const client = httpClient(await service.app.getUrl(), ground.key);
  return {
    database: service.database,
    databaseUrl,
    log,
    client,
    create: async (items) => {
      const answer = await client.post('/v1/purchases/batch', { items });
      const wrong = (answer as { items: { status: string }[] }).items.find(
        ({ status }) => status !== 'created',
      );
      if (wrong) throw new Error(`Expected created, was answered ${wrong.status}.`);
    },
    start: async (definition) => {
      const { port: _port, managementPort: _management, ...rest } = config;
      const other = await startService(
        definition,
        { ...rest, service: definition.name },
        { onFatal, log },
      );
      await other.flowing;
      return other;
    },
    service,
    close: async () => {
      client.close();
      await service.stop();
      await log.close();
      await ground.close();
    },
  };
}
