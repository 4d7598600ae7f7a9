import { loadServiceConfig } from '@regulars/config';
import { ingestion } from '@regulars/ingestion';
import { createKafkaLog, createPostgresLog, type EventLog } from '@regulars/messaging';
import { createLogger } from '@regulars/observability';
import type { Database } from '@regulars/persistence';
import { startService, type RunningService, type ServiceDefinition } from '@regulars/service';
import { calm } from './calm.ts';
import { freshGround } from './fresh-ground.ts';
import { httpClient, type HttpClient } from './http-client.ts';
import type { Mode } from './mode.ts';
import { postPurchases } from './post-purchases.ts';

export interface IngestionHouse {
  readonly database: Database;
  readonly databaseUrl: string;
  readonly log: EventLog;
  readonly client: HttpClient;
  /** Posts a batch; rejects unless every item is new. */
  create(items: readonly object[]): Promise<void>;
  /** Until its relay has nothing left to carry: what one side leaves behind must not burden the other. */
  quiet(): Promise<unknown>;
  /** Starts another service beside it, on the same database and log; answers when it works. */
  start(definition: ServiceDefinition): Promise<RunningService>;
  readonly service: RunningService;
  close(): Promise<void>;
}

/** Ingestion alone in this process, where its parts can be got at. One that does not relay keeps all in its outbox; the log is there all the same. */
export async function openIngestion(mode: Mode, { relays = true } = {}): Promise<IngestionHouse> {
  const onFatal = (error: Error): void => {
    throw error;
  };
  const ground = await freshGround(mode);
  const databaseUrl = ground.env.REGULARS_DATABASE_URL;
  const settings = {
    ...ground.env,
    REGULARS_LOG_LEVEL: 'error',
    REGULARS_RATE_LIMIT_PER_MINUTE: '10000000',
    REGULARS_PORT: '0',
    REGULARS_HOST: '127.0.0.1',
  };
  const config = loadServiceConfig(settings, 'ingestion');
  const log =
    config.log.kind === 'kafka'
      ? createKafkaLog({
          brokers: config.log.brokers,
          clientId: 'bench',
          logger: createLogger({ service: 'bench', level: 'error' }),
        })
      : createPostgresLog({ databaseUrl });
  const deaf = loadServiceConfig(
    { ...settings, REGULARS_KAFKA_BROKERS: '127.0.0.1:1' },
    'ingestion',
  );
  const service = relays
    ? await startService(ingestion, config, { onFatal, log })
    : await startService(ingestion, deaf, { onFatal });
  if (relays) await service.flowing;
  const client = httpClient(await service.app.getUrl(), ground.key);
  return {
    database: service.database,
    databaseUrl,
    log,
    client,
    create: (items) => postPurchases(client, items, 'created'),
    quiet: () => calm([service]),
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
