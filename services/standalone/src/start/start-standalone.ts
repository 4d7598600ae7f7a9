import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { loadServiceConfig, type ServiceConfig } from '@regulars/config';
import { ApiKeys, mergeOpenApi } from '@regulars/http';
import { standingClock, systemClock, type Clock } from '@regulars/kernel';
import {
  createPostgresLog,
  Turns,
  type EventLog,
  type SharedByConsumers,
} from '@regulars/messaging';
import { metricsText, MetricsRegistry } from '@regulars/observability';
import { startService, type RunningService } from '@regulars/service';
import { openFrontDoor, type FrontDoor } from '../front-door/front-door.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../postgres/embedded-postgres.js';
import { becomeOnlyInstance, type OnlyInstance } from '../postgres/only-instance.js';
import { allServices } from './all-services.js';
import { openDataFolder } from './data-folder.js';
import { firstKey } from './first-key.js';

export interface StandaloneOptions {
  readonly dataFolder: string;
  readonly port: number;
  readonly host: string;
  /** A standing clock; a simulated one is handed in by the demo. */
  readonly clock?: Clock;
  /** A backup of the data was put back. */
  readonly restored?: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onFatal: (error: Error) => void;
  /** An external Postgres is not there yet; told once. */
  readonly onWaiting?: (where: string) => void;
  /** Stops waiting for it. */
  readonly signal?: AbortSignal;
}

export interface Standalone {
  readonly address: string;
  /** The text of the first key, at the first start only. */
  readonly firstKey: string | undefined;
  readonly adoptedPostgres: boolean;
  readonly clock: Clock;
  readonly databaseUrl: string;
  readonly services: readonly RunningService[];
  stop(): Promise<void>;
}

const POOL_SIZE = 8;
const CONSUMERS_AT_ONCE = 4;

/** All services in one process, on one Postgres and one port. Stops in reverse, the embedded Postgres last. */
export async function startStandalone(options: StandaloneOptions): Promise<Standalone> {
  const undo: (() => Promise<void>)[] = [];
  // What a start that failed must not leave: a key that nobody was told.
  const takeBack: (() => Promise<void>)[] = [];
  async function stop(): Promise<void> {
    for (const step of undo.splice(0).reverse()) await step();
  }
  try {
    const folder = await openDataFolder(options.dataFolder);
    const keysFile = options.env['REGULARS_API_KEYS_FILE'] ?? join(folder, 'api-keys.json');
    const given = options.env['REGULARS_DATABASE_URL'] ?? options.env['DATABASE_URL'];
    // What is wrong in the environment is told before anything is made.
    configOf(options, given ?? 'postgres://postgres@127.0.0.1/postgres', keysFile);
    let embedded: EmbeddedPostgres | undefined;
    let instance: OnlyInstance;
    if (given === undefined) {
      embedded = await startEmbeddedPostgres(folder);
      instance = await becomeOnlyInstance(embedded.url, folder, options.onFatal);
      const postgres = embedded;
      undo.push(() => postgres.stop());
    } else {
      const { signal } = options;
      instance = await becomeOnlyInstance(given, 'this database', options.onFatal, {
        onWaiting: () => options.onWaiting?.(new URL(given).host),
        ...(signal && { signal }),
      });
    }
    undo.push(() => instance.release());
    const databaseUrl = embedded?.url ?? given ?? '';

    const key = await firstKey(keysFile);
    if (key !== undefined) takeBack.push(() => rm(keysFile, { force: true }));
    const config = configOf(options, databaseUrl, keysFile);
    const clock = options.clock ?? (config.clock ? standingClock(config.clock) : systemClock);
    const log = createPostgresLog({ databaseUrl });
    undo.push(() => log.close());
    const apiKeys = await ApiKeys.open(keysFile);
    undo.push(() => {
      apiKeys.close();
      return Promise.resolve();
    });
    const services = await startServices(options, config, { clock, log, apiKeys }, undo);
    const door = await openDoor(services, options);
    undo.push(() => door.close());
    return {
      address: door.address,
      firstKey: key,
      adoptedPostgres: embedded?.adopted ?? false,
      clock,
      databaseUrl,
      services,
      stop,
    };
  } catch (error) {
    await stop();
    for (const step of takeBack) await step();
    throw error;
  }
}

function configOf(options: StandaloneOptions, databaseUrl: string, keysFile: string) {
  const config = loadServiceConfig(
    {
      ...options.env,
      REGULARS_DATABASE_URL: databaseUrl,
      REGULARS_API_KEYS_FILE: keysFile,
      KAFKA_BROKERS: undefined,
      REGULARS_KAFKA_BROKERS: undefined,
    },
    'standalone',
  );
  // Services of this process do not listen: the front door hands requests to them.
  const { port: _port, managementPort: _management, ...rest } = config;
  return rest satisfies ServiceConfig;
}

async function startServices(
  options: StandaloneOptions,
  config: ServiceConfig,
  shared: { clock: Clock; log: EventLog; apiKeys: ApiKeys },
  undo: (() => Promise<void>)[],
): Promise<RunningService[]> {
  const started: RunningService[] = [];
  const consumers: SharedByConsumers = {
    turns: new Turns(CONSUMERS_AT_ONCE),
    decoded: new WeakMap(),
  };
  for (const definition of allServices) {
    const service = await startService(
      definition,
      { ...config, service: definition.name },
      {
        ...shared,
        poolSize: POOL_SIZE,
        consumers,
        onFatal: options.onFatal,
        restored: options.restored === true,
        ...(options.signal && { signal: options.signal }),
      },
    );
    undo.push(() => service.stop());
    started.push(service);
  }
  await Promise.all(started.map(({ flowing }) => flowing));
  return started;
}

async function openDoor(
  services: readonly RunningService[],
  options: StandaloneOptions,
): Promise<FrontDoor> {
  const byName = new Map(services.map((service) => [service.name, service]));
  const processSeries = new MetricsRegistry('standalone');
  processSeries.collectProcess();
  return openFrontDoor(
    {
      pass: (name, request, response) => {
        byName.get(name)?.handle(request, response);
      },
      openApi: () => mergeOpenApi(services.map((service) => service.openApi())),
      metrics: () => metricsText([processSeries, ...services.map(({ metrics }) => metrics)]),
      ready: async () => {
        const answers = await Promise.all(services.map(({ health }) => health.check()));
        return {
          ready: answers.every(({ ready }) => ready),
          checks: answers.flatMap(({ checks }, index) =>
            checks.map(({ name, ok }) => ({ name: `${services[index]?.name ?? ''}/${name}`, ok })),
          ),
        };
      },
    },
    options,
  );
}
