import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dayOf } from '@regulars/kernel';
import { describeConfig } from './describe-config.js';
import { loadServiceConfig } from './load-service-config.js';
import { ConfigError } from './variables.js';

const minimal = {
  REGULARS_DATABASE_URL: 'postgres://shop:hunter2@db.example:5432/regulars',
  REGULARS_API_KEYS_FILE: '/run/keys.json',
};

describe('loadServiceConfig', () => {
  it('takes two settings and knows the rest', () => {
    expect(loadServiceConfig(minimal, 'prediction')).toEqual({
      service: 'prediction',
      databaseUrl: minimal.REGULARS_DATABASE_URL,
      apiKeysFile: '/run/keys.json',
      log: { kind: 'postgres' },
      port: 8080,
      host: '127.0.0.1',
      managementPort: 9464,
      timeZone: 'UTC',
      currency: 'EUR',
      defaultCountry: 'DE',
      logLevel: 'info',
      shutdownGraceMs: 25_000,
      rateLimitPerMinute: 6_000,
      requestsAtOnce: 500,
      outboxLimits: { rows: 1_000_000, ageMs: 900_000 },
      bodyLimit: 5_242_880,
      docs: true,
      trustedProxies: [],
      env: {},
    });
  });

  it('speaks Kafka when brokers are named', () => {
    const { log } = loadServiceConfig({ ...minimal, KAFKA_BROKERS: 'a:9092, b:9092' }, 'metrics');

    expect(log).toEqual({ kind: 'kafka', brokers: ['a:9092', 'b:9092'] });
  });

  it('takes a session time-out for Kafka', () => {
    const env = { KAFKA_BROKERS: 'a:9092', REGULARS_KAFKA_SESSION_TIMEOUT_MS: '10000' };

    expect(loadServiceConfig({ ...minimal, ...env }, 'metrics').log).toMatchObject({
      sessionTimeoutMs: 10_000,
    });
  });

  it('tells everything that is wrong at once, and no secret', () => {
    const error = errorOf({
      REGULARS_DATABASE_URL: 'mysql://root:hunter2@db',
      REGULARS_PORT: '80a',
      REGULARS_TIME_ZONE: 'Mars/Olympus',
      REGULARS_CURRENCY: 'euro',
      REGULARS_CLOCK: '2026-02-30',
      REGULARS_KAFKA_BROKERS: 'kafka',
      REGULARS_LOG_LEVEL: 'loud',
    });

    expect(error.faults.map((fault) => fault.split(' ')[0])).toEqual([
      'REGULARS_TIME_ZONE',
      'REGULARS_KAFKA_BROKERS',
      'REGULARS_CLOCK',
      'REGULARS_DATABASE_URL',
      'REGULARS_API_KEYS_FILE',
      'REGULARS_PORT',
      'REGULARS_CURRENCY',
      'REGULARS_LOG_LEVEL',
    ]);
    expect(error.message).not.toContain('hunter2');
  });

  it('refuses a variable that nobody reads, and says which one was meant', () => {
    const { faults } = errorOf({ ...minimal, REGULARS_TIMEZONE: 'UTC', REGULARS_FROBNICATE: '1' });

    expect(faults).toEqual([
      'REGULARS_TIMEZONE is not a setting of Regulars. Did you mean REGULARS_TIME_ZONE?',
      'REGULARS_FROBNICATE is not a setting of Regulars. Remove it.',
    ]);
  });

  it('leaves alone what only the tools around a service read', () => {
    const tools = {
      REGULARS_URL: 'http://127.0.0.1:3000',
      REGULARS_FIRST_SERVICE_PORT: '4001',
      REGULARS_GATEWAY_PORT: '3000',
    };

    expect(loadServiceConfig({ ...minimal, ...tools }, 'metrics').env).toEqual({});
  });

  it('hands the settings of services and channels on', () => {
    const own = {
      REGULARS_PREDICTION_REFIT_HOUR: '3',
      REGULARS_SMTP_FROM: 'shop@shop.example',
      REGULARS_COMPANY_NAME: 'Corner Shop',
    };

    expect(loadServiceConfig({ ...minimal, ...own, HOME: '/root' }, 'prediction').env).toEqual(own);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(loadServiceConfig({ ...minimal, REGULARS_PORT: '' }, 'metrics').port).toBe(8080);
  });

  // The day starts at 10:00 UTC of the day before on Kiritimati and ends at 12:00 UTC of the day after at Baker Island.
  it.each(['Pacific/Kiritimati', 'Etc/GMT+12', 'UTC', 'Europe/Berlin'])(
    'stands at the named day in %s',
    (zone) => {
      const env = { ...minimal, REGULARS_CLOCK: '2026-03-29', REGULARS_TIME_ZONE: zone };
      const { clock } = loadServiceConfig(env, 'metrics');

      expect(clock && dayOf(clock, zone)).toBe('2026-03-29');
    },
  );

  it('cannot be changed afterwards', () => {
    const config = loadServiceConfig(minimal, 'metrics');

    expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError);
    expect(() => Object.assign(config.env, { X: '1' })).toThrow(TypeError);
  });

  it('keeps the docs off in production unless asked for', () => {
    const production = { ...minimal, NODE_ENV: 'production' };

    expect(loadServiceConfig(production, 'metrics').docs).toBe(false);
    expect(loadServiceConfig({ ...production, REGULARS_DOCS: 'true' }, 'metrics').docs).toBe(true);
  });
});

describe('secrets', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'regulars-config-'));
    writeFileSync(join(folder, 'url'), 'postgres://shop:hunter2@db.example/regulars\n');
    writeFileSync(join(folder, 'smtp'), 'smtps://shop:hunter3@mail.example\n');
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('come from files too', () => {
    const config = loadServiceConfig(
      {
        REGULARS_API_KEYS_FILE: '/run/keys.json',
        REGULARS_DATABASE_URL_FILE: join(folder, 'url'),
        REGULARS_SMTP_URL_FILE: join(folder, 'smtp'),
      },
      'campaigns',
    );

    expect(config.databaseUrl).toBe('postgres://shop:hunter2@db.example/regulars');
    expect(config.env).toEqual({ REGULARS_SMTP_URL: 'smtps://shop:hunter3@mail.example' });
  });

  it('are not taken from two places', () => {
    const { faults } = errorOf({ ...minimal, REGULARS_DATABASE_URL_FILE: join(folder, 'url') });

    expect(faults).toEqual([
      'REGULARS_DATABASE_URL and REGULARS_DATABASE_URL_FILE are both set: keep one.',
    ]);
  });

  it('are told of when their file is missing', () => {
    const { faults } = errorOf({
      REGULARS_API_KEYS_FILE: '/run/keys.json',
      REGULARS_DATABASE_URL_FILE: join(folder, 'none'),
    });

    expect(faults[0]).toContain('cannot be read');
  });

  it('are not in the description of the configuration', () => {
    const described = describeConfig(
      loadServiceConfig(
        {
          ...minimal,
          REGULARS_SMTP_URL: 'smtps://a:hunter3@mail',
          REGULARS_WEBHOOK_SECRET: 'hunter4',
        },
        'campaigns',
      ),
    );

    expect(JSON.stringify(described)).not.toContain('hunter');
    expect(described['databaseUrl']).toBe('postgres://db.example:5432/regulars');
  });
});

function errorOf(env: Record<string, string>): ConfigError {
  try {
    loadServiceConfig(env, 'prediction');
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('The configuration was accepted.');
}
