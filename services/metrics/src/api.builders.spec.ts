import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import type { ServiceConfig } from '@regulars/config';
import { ApiKeys, createApiKey, createHttpApp, writeApiKeys, type ScopeName } from '@regulars/http';
import { standingClock } from '@regulars/kernel';
import { createLogger, HealthRegistry, MetricsRegistry } from '@regulars/observability';
import type { Database } from '@regulars/persistence';
import { PlatformModule, QuiescenceProbes, type ServiceDefinition } from '@regulars/service';

export interface TestApi {
  readonly metrics: MetricsRegistry;
  /** GET with a key of that scope, or without one. */
  get(url: string, scope?: ScopeName): Promise<{ status: number; body: Record<string, unknown> }>;
  close(): Promise<void>;
}

/** The real API of the service on a database: keys, scopes, validation and problems included. */
export async function testApi(
  service: ServiceDefinition,
  database: Database,
  at: string,
): Promise<TestApi> {
  const folder = await mkdtemp(join(tmpdir(), 'regulars-keys-'));
  const wanted: ScopeName[] = ['segments:read', 'reports:read', 'purchases:write'];
  const keys = new Map(
    wanted.map((scope) => {
      const now = new Date('2019-01-01T00:00:00Z');
      return [scope, createApiKey({ name: scope, scopes: [scope], createdBy: 'test', now })];
    }),
  );
  const path = join(folder, 'keys.json');
  await writeApiKeys(
    path,
    [...keys.values()].map(({ record }) => record),
  );
  const apiKeys = await ApiKeys.open(path);

  const config = { timeZone: 'Europe/Berlin', currency: 'EUR' } as ServiceConfig;
  const metrics = new MetricsRegistry(service.name);
  const clock = standingClock(new Date(at));
  const probes = new QuiescenceProbes();
  const logger = createLogger({ service: 'metrics', level: 'silent' });
  @Module({
    imports: [
      PlatformModule.of({ database, clock, config, metrics, probes, logger }),
      service.module,
    ],
  })
  class Root {}
  const app = await createHttpApp(Root, {
    service: service.name,
    apiKeys,
    metrics,
    health: new HealthRegistry(),
  });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();

  return {
    metrics,
    async get(url, scope) {
      const key = scope === undefined ? undefined : keys.get(scope)?.text;
      const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
      const answer = await app.inject({ method: 'GET', url, headers });
      return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
    },
    async close() {
      await app.close();
      apiKeys.close();
      await rm(folder, { recursive: true });
    },
  };
}
