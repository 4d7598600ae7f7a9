import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ServiceConfig } from '@regulars/config';
import type { Stream } from '@regulars/contracts';
import { ApiKeys, buildOpenApi, createHttpApp, type OpenApiDocument } from '@regulars/http';
import { standingClock, systemClock, toError } from '@regulars/kernel';
import {
  classOf,
  FatalConsumerError,
  LogConsumerStrategy,
  LogUnavailable,
  type RunHandler,
} from '@regulars/messaging';
import {
  createLogger,
  HealthRegistry,
  MetricsRegistry,
  type Logger,
} from '@regulars/observability';
import { markRestored, Relay } from '@regulars/outbox';
import { sql, type Database } from '@regulars/persistence';
import { TimerClaimer, TimersModule } from '@regulars/timers';
import { BalanceGauges } from './balance-gauges.js';
import { behindText, watchBacklog } from './intake.js';
import { balancesOf } from './balances.js';
import { connectDatabase } from './connect-database.js';
import { ConsumerMonitor } from './consumer-monitor.js';
import { noticeDeadLetter } from './dead-letter-notice.js';
import { deadLettersController, RUN_HANDLERS } from './dead-letters.controller.js';
import { keepHouse } from './housekeeping.js';
import { openEventLog } from './open-event-log.js';
import { PipelineGauges } from './pipeline-gauges.js';
import { PlatformModule } from './platform.module.js';
import { QuiescenceProbes } from './quiescence-probes.js';
import type { BeforeWork, ServiceDefinition } from './service-definition.js';
import type { SharedParts } from './shared-parts.js';
import { topicSpecs } from './topic-specs.js';

export interface RunningService {
  readonly name: string;
  readonly app: NestFastifyApplication;
  readonly database: Database;
  readonly metrics: MetricsRegistry;
  readonly health: HealthRegistry;
  readonly logger: Logger;
  readonly timers: TimerClaimer;
  readonly probes: QuiescenceProbes;
  /** Resolves when relay, consumers and timers run; the API answers before that. */
  readonly flowing: Promise<void>;
  /** Whether this process works on something of it just now, as far as memory tells. Costs nothing to ask. */
  busy(): boolean;
  /** The streams it has handlers for. */
  consumes(): readonly Stream[];
  handle(request: IncomingMessage, response: ServerResponse): void;
  openApi(): OpenApiDocument;
  stop(): Promise<void>;
}

/** Starts a service: database, API, log, relay, consumers, timers; stopped in reverse. */
export async function startService(
  definition: ServiceDefinition,
  config: ServiceConfig,
  shared: SharedParts,
): Promise<RunningService> {
  const metrics = new MetricsRegistry(definition.name);
  const logger = createLogger({ service: definition.name, level: config.logLevel, metrics });
  const clock = shared.clock ?? (config.clock ? standingClock(config.clock) : systemClock);
  const apiKeys =
    shared.apiKeys ??
    (await ApiKeys.open(config.apiKeysFile, {
      onError: (error) => {
        logger.error({ err: error }, 'the file of API keys cannot be read');
      },
    }));
  const refuseTimeline = (): Promise<void> => {
    const error = new FatalConsumerError(
      'The database is on another timeline: what was published must be read back at a new start.',
    );
    shared.onFatal(error);
    return Promise.reject(error);
  };
  const database = await connectDatabase(definition, {
    url: config.databaseUrl,
    clock,
    logger,
    ...(shared.poolSize === undefined ? {} : { poolSize: shared.poolSize }),
    ...(shared.signal === undefined ? {} : { signal: shared.signal }),
    ...(definition.beforeWork === undefined ? {} : { onNewTimeline: refuseTimeline }),
  });
  if (shared.restored === true) await markRestored(database);
  const log = shared.log ?? openEventLog(config, logger);
  const health = new HealthRegistry({
    onChange: (name, error) => {
      if (error) logger.warn({ check: name, err: error }, 'not ready');
      else logger.info({ check: name }, 'ready again');
    },
  });
  const probes = new QuiescenceProbes();
  const monitor = new ConsumerMonitor(metrics, logger);
  const strategy = new LogConsumerStrategy({
    group: definition.name,
    database,
    log,
    observer: monitor,
    notify: (tx, record, reason, attempts) =>
      noticeDeadLetter(tx, definition.name, record, { reason, attempts }),
    onFatal: shared.onFatal,
    ...(shared.consumers === undefined ? {} : { shared: shared.consumers }),
  });
  const relay = new Relay({
    database,
    log,
    metrics,
    // A clock that jumps waits for the log to be read, and nothing comes meanwhile.
    ...(clock.ticking ? { gatherMs: definition.publishEveryMs ?? 0 } : {}),
    onError: (error) => {
      logger.warn({ err: error }, 'the relay could not publish; it tries again');
    },
  });
  const backlog = watchBacklog(relay, { database, limits: config.outboxLimits, metrics, logger });
  const app = await createHttpApp(
    rootModule(
      definition,
      {
        database,
        clock,
        config,
        metrics,
        probes,
        logger,
        log,
        outboxAgeMs: () => backlog.ageMs,
        readingAgeMs: () => shared.consumers?.turns.behindMs ?? 0,
      },
      strategy.runners,
    ),
    {
      service: definition.name,
      apiKeys,
      metrics,
      health,
      logger,
      bodyLimit: config.bodyLimit,
      rateLimitPerMinute: config.rateLimitPerMinute,
      requestsAtOnce: config.requestsAtOnce,
      behind: () => behindText(backlog.overload),
      docs: config.docs && config.port !== undefined,
      trustedProxies: config.trustedProxies,
    },
  );
  app.connectMicroservice({ strategy });
  const gauges = new PipelineGauges({
    group: definition.name,
    database,
    log,
    relay,
    metrics,
    logger,
    streams: () => [...strategy.runners.keys()],
  });
  const balances = new BalanceGauges({
    metrics,
    logger,
    read: () => balancesOf(definition, database),
  });
  health.register('database', async () => {
    await database.query(sql`select 1`);
  });
  health.register('consumer', () => {
    if (monitor.blockedBy !== undefined) throw new Error(monitor.blockedBy);
  });
  health.register('relay', () => {
    if (relay.refusal !== undefined) throw new Error(relay.refusal);
  });
  if (definition.refusesUnderLoad === true) backlog.start();
  await app.init();
  const instance = app.getHttpAdapter().getInstance();
  await instance.ready();
  if (config.port !== undefined) await app.listen(config.port, config.host);
  const timers = app.get(TimerClaimer, { strict: false });

  let ended = false;
  const stopHousekeeping = keepHouse(
    {
      group: definition.name,
      database,
      handlers: strategy.runners,
      log,
      by: 'housekeeping',
    },
    logger,
  );
  let flows = false;
  const flowing = startFlowing().then(() => {
    flows = true;
  });
  flowing.catch((error: unknown) => {
    if (!ended) shared.onFatal(toError(error));
  });
  async function startFlowing(): Promise<void> {
    // The API is up already: ingestion takes purchases while the log is away (the outbox keeps them).
    await log.ensureTopics(topicSpecs());
    if (definition.beforeWork) await insist(app.get(definition.beforeWork, { strict: false }));
    relay.start();
    await app.startAllMicroservices();
    monitor.declare([...strategy.runners.keys()]);
    gauges.start();
    balances.start();
    timers.start();
  }

  /** The log or the database may be away for a while yet. */
  async function insist(first: BeforeWork): Promise<void> {
    while (!ended) {
      try {
        await first.run();
        return;
      } catch (error) {
        if (classOf(error) !== 'unavailable') throw error;
        logger.warn({ err: error }, 'work cannot begin yet; tried again');
        await delay(1_000);
      }
    }
    throw new LogUnavailable('The service was stopped before its work began.');
  }

  let stopping: Promise<void> | undefined;
  async function stop(): Promise<void> {
    ended = true;
    health.stop();
    const server = app.getHttpServer();
    if (server.listening) {
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeIdleConnections();
      });
    }
    // What still waits for the log would wait for as long as it is away.
    if (!flows && !shared.log) await log.close();
    await flowing.catch(() => undefined);
    gauges.stop();
    await backlog.stop();
    await balances.stop();
    await stopHousekeeping();
    await timers.stop();
    await strategy.close();
    await app.close();
    await relay.stop();
    if (!shared.log) await log.close();
    if (!shared.apiKeys) apiKeys.close();
    await database.close();
  }

  return {
    name: definition.name,
    app,
    database,
    metrics,
    health,
    logger,
    timers,
    probes,
    flowing,
    busy: () => timers.firing || relay.busy || strategy.processor?.busy === true,
    consumes: () => [...strategy.runners.keys()],
    handle: (request, response) => {
      instance.routing(request, response);
    },
    openApi: () => buildOpenApi(app, definition.name),
    stop: () => (stopping ??= stop()),
  };
}

function rootModule(
  definition: ServiceDefinition,
  platform: Parameters<typeof PlatformModule.of>[0],
  handlers: ReadonlyMap<Stream, RunHandler>,
): new () => object {
  @Module({
    imports: [PlatformModule.of(platform), TimersModule, definition.module],
    controllers: [deadLettersController(definition.name)],
    providers: [{ provide: RUN_HANDLERS, useValue: handlers }],
  })
  class ServiceRoot {}
  return ServiceRoot;
}
