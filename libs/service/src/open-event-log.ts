import type { ServiceConfig } from '@regulars/config';
import { createKafkaLog, createPostgresLog, type EventLog } from '@regulars/messaging';
import type { Logger } from '@regulars/observability';

/** The adapter that the configuration names. Nothing else in a service can tell which one runs. */
export function openEventLog(config: ServiceConfig, logger: Logger): EventLog {
  if (config.log.kind === 'postgres') return createPostgresLog({ databaseUrl: config.databaseUrl });
  const { brokers, sessionTimeoutMs } = config.log;
  const settings =
    sessionTimeoutMs === undefined ? {} : { sessionTimeoutMs, heartbeatMs: sessionTimeoutMs / 10 };
  return createKafkaLog({ brokers, clientId: config.service, logger, settings });
}
