import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { loadServiceConfig, type ServiceConfig } from '@regulars/config';
import { writeApiKeys } from '@regulars/http';
import { createPostgresLog } from '@regulars/messaging';
import { sql } from '@regulars/persistence';
import {
  dropSchema,
  eventually,
  startPostgres,
  testDatabaseUrl,
  testSchema,
  type TestPostgres,
} from '@regulars/testing';
import type { BeforeWork, ServiceDefinition } from './service-definition.js';
import { startService, type RunningService } from './start-service.js';

@Injectable()
class Nothing implements BeforeWork {
  run(): Promise<void> {
    return Promise.resolve();
  }
}

@Module({ providers: [Nothing] })
class Empty {}

const definition: ServiceDefinition = {
  name: 'metrics',
  module: Empty,
  entities: [],
  migrations: [],
};

/** Services without anything of their own, on a Postgres that they may break. */
describe('a service', () => {
  let postgres: TestPostgres;
  let folder: string;
  beforeAll(async () => {
    postgres = await startPostgres();
    folder = await mkdtemp(join(tmpdir(), 'regulars-keys-'));
    await writeApiKeys(join(folder, 'keys.json'), []);
  });
  afterAll(async () => {
    await postgres.stop();
    await rm(folder, { recursive: true });
  });

  const configure = (env: Record<string, string> = {}): ServiceConfig =>
    loadServiceConfig(
      {
        DATABASE_URL: postgres.url,
        REGULARS_PORT: '0',
        REGULARS_API_KEYS_FILE: join(folder, 'keys.json'),
        REGULARS_LOG_LEVEL: 'silent',
        ...env,
      },
      'metrics',
    );

  it('stops at once while Kafka, which was never there, is still away', async () => {
    const fatal: Error[] = [];
    const service = await startService(definition, configure({ KAFKA_BROKERS: '127.0.0.1:1' }), {
      onFatal: (error) => fatal.push(error),
    });
    const startedAt = performance.now();

    await service.stop();

    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(fatal).toEqual([]);
  });

  it('looks again soon when its gauges are read, also when nothing has moved for long', async () => {
    const schema = testSchema();
    const log = createPostgresLog({ databaseUrl: testDatabaseUrl(), schema });
    const service = await startService(definition, configure(), { log, onFatal: () => undefined });
    try {
      await service.flowing;
      const looks = new Set<number>();
      // By itself it looks five times, once a second, and then every sixteen, the first time maybe sooner.
      await eventually(
        async () => {
          looks.add(await refreshedAt(service));
          const times = [...looks];
          return times.length > 10 && (times.at(-1) ?? 0) - (times.at(-4) ?? 0) < 12;
        },
        { withinMs: 80_000 },
      );
    } finally {
      await service.stop();
      await log.close();
      await dropSchema(schema);
    }
  });

  it.each([
    ['ends when its database is on another timeline and something comes before its work', true],
    ['goes on with a raised epoch when nothing does', false],
  ])('%s', async (_, comesFirst) => {
    const schema = testSchema();
    const log = createPostgresLog({ databaseUrl: testDatabaseUrl(), schema });
    const fatal: Error[] = [];
    const service = await startService(
      comesFirst ? { ...definition, beforeWork: Nothing } : definition,
      configure(),
      { log, onFatal: (error) => fatal.push(error) },
    );
    try {
      await service.flowing;
      const epochOf = async (): Promise<number | undefined> =>
        (await service.database.query<{ epoch: number }>(sql`select epoch from outbox_epoch`))[0]
          ?.epoch;
      const before = (await epochOf()) ?? 0;
      await postgres.changeTimeline();

      if (comesFirst) {
        await eventually(() => fatal.length > 0);
        expect(fatal[0]?.message).toMatch(/another timeline/);
      } else {
        await eventually(async () => expect(await epochOf()).toBeGreaterThan(before));
        expect(fatal).toEqual([]);
      }
    } finally {
      await service.stop();
      await log.close();
      await dropSchema(schema);
    }
  });
});

async function refreshedAt({ metrics }: RunningService): Promise<number> {
  const gauge = metrics.registry.getSingleMetric('regulars_pipeline_refreshed_timestamp_seconds');
  return (await gauge?.get())?.values[0]?.value ?? 0;
}
