import { instantAt, isDay } from '@regulars/kernel';
import { isHandedOn, unknownVariables } from './known-variables.js';
import * as readers from './readers.js';
import { isSecretVariable, withoutFile } from './secret-variables.js';
import { logLevels, type ServiceConfig } from './service-config.js';
import { Variables, type Env } from './variables.js';

/**
 * The configuration of a service, from the environment. Throws one ConfigError with everything that is wrong, unknown
 * `REGULARS_*` included.
 */
export function loadServiceConfig(env: Env, service: string): ServiceConfig {
  const variables = new Variables(env);
  unknownVariables(env).forEach((fault) => {
    variables.fault(fault);
  });
  const timeZone = variables.read(['REGULARS_TIME_ZONE'], readers.timeZone) ?? 'UTC';
  const brokers = variables.read(['REGULARS_KAFKA_BROKERS', 'KAFKA_BROKERS'], readers.brokers);
  const clock = variables.read(['REGULARS_CLOCK'], readers.dayOrInstant);
  const config: ServiceConfig = {
    service,
    ...requiredSettings(variables),
    ...httpSettings(variables, env),
    log: brokers === undefined ? { kind: 'postgres' } : kafkaLog(variables, brokers),
    timeZone,
    currency: variables.read(['REGULARS_CURRENCY'], readers.currency) ?? 'EUR',
    defaultCountry: variables.read(['REGULARS_DEFAULT_COUNTRY'], readers.country) ?? 'DE',
    ...(clock === undefined ? {} : { clock: clockAt(clock, timeZone) }),
    logLevel: variables.read(['REGULARS_LOG_LEVEL'], readers.oneOf(logLevels)) ?? 'info',
    shutdownGraceMs:
      variables.read(['REGULARS_SHUTDOWN_GRACE_MS'], readers.wholeNumber(0, 600_000)) ?? 25_000,
    env: handedOn(variables, env),
  };
  variables.settle();
  return frozen(config);
}

function requiredSettings(
  variables: Variables,
): Pick<ServiceConfig, 'databaseUrl' | 'apiKeysFile'> {
  const databaseUrl = variables.readSecret(
    ['REGULARS_DATABASE_URL', 'DATABASE_URL'],
    readers.postgresUrl,
  );
  const apiKeysFile = variables.read(['REGULARS_API_KEYS_FILE'], readers.text);
  variables.required(
    'REGULARS_DATABASE_URL',
    databaseUrl,
    'Set it to postgres://user:password@host:5432/name, or REGULARS_DATABASE_URL_FILE to a file that holds it.',
  );
  variables.required(
    'REGULARS_API_KEYS_FILE',
    apiKeysFile,
    'Set it to the file with the API keys (`regulars keys create` makes one).',
  );
  // What is missing has been told: settle() throws before an empty text gets anywhere.
  return { databaseUrl: databaseUrl ?? '', apiKeysFile: apiKeysFile ?? '' };
}

function kafkaLog(variables: Variables, brokers: readonly string[]): ServiceConfig['log'] {
  const sessionTimeoutMs = variables.read(
    ['REGULARS_KAFKA_SESSION_TIMEOUT_MS'],
    readers.wholeNumber(6_000, 300_000),
  );
  return {
    kind: 'kafka',
    brokers,
    ...(sessionTimeoutMs === undefined ? {} : { sessionTimeoutMs }),
  };
}

function httpSettings(variables: Variables, env: Env) {
  const port = readers.wholeNumber(0, 65_535);
  const calls = readers.wholeNumber(1, 100_000_000);
  return {
    port: variables.read(['REGULARS_PORT', 'PORT'], port) ?? 8080,
    host: variables.read(['REGULARS_HOST'], readers.text) ?? '127.0.0.1',
    managementPort: variables.read(['REGULARS_MANAGEMENT_PORT'], port) ?? 9464,
    rateLimitPerMinute: variables.read(['REGULARS_RATE_LIMIT_PER_MINUTE'], calls) ?? 6_000,
    requestsAtOnce: variables.read(['REGULARS_REQUESTS_AT_ONCE'], calls) ?? 500,
    outboxLimits: {
      rows: variables.read(['REGULARS_OUTBOX_MAX_ROWS'], calls) ?? 1_000_000,
      ageMs:
        1_000 *
        (variables.read(['REGULARS_OUTBOX_MAX_AGE_S'], readers.wholeNumber(1, 31_536_000)) ?? 900),
    },
    bodyLimit:
      variables.read(['REGULARS_BODY_LIMIT'], readers.wholeNumber(1_024, 104_857_600)) ?? 5_242_880,
    docs: variables.read(['REGULARS_DOCS'], readers.yesOrNo) ?? env['NODE_ENV'] !== 'production',
    trustedProxies: variables.read(['REGULARS_TRUSTED_PROXIES'], readers.addresses) ?? [],
  };
}

/** Noon of a day: it is that day in the company's zone, and in every zone where its customers are awake. */
function clockAt(text: string, timeZone: string): Date {
  return isDay(text) ? instantAt(text, 12 * 60, timeZone) : new Date(text);
}

function handedOn(variables: Variables, env: Env): Record<string, string> {
  const names = new Set(Object.keys(env).map(withoutFile).filter(isHandedOn));
  const values: Record<string, string> = {};
  for (const name of names) {
    const read = isSecretVariable(name)
      ? variables.readSecret.bind(variables)
      : variables.read.bind(variables);
    const value = read([name], readers.text);
    if (value !== undefined) values[name] = value;
  }
  return values;
}

function frozen(config: ServiceConfig): ServiceConfig {
  Object.freeze(config.log);
  Object.freeze(config.outboxLimits);
  Object.freeze(config.env);
  Object.freeze(config.trustedProxies);
  return Object.freeze(config);
}
