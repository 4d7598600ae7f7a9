import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addApiKey, createApiKey } from '@regulars/http';
import { startEmbeddedPostgres } from '@regulars/standalone';
import { startKafka } from '@regulars/testing';
import type { Mode } from './mode.ts';

/** What a service needs to stand on: a durable Postgres of its own, a Kafka where it asks for one, a key that may do everything. */
export interface FreshGround {
  readonly key: string;
  /** Settings that a service finds both by. */
  readonly env: Readonly<{
    REGULARS_DATABASE_URL: string;
    REGULARS_API_KEYS_FILE: string;
    REGULARS_KAFKA_BROKERS?: string;
  }>;
  close(): Promise<void>;
}

export async function freshGround(mode: Mode): Promise<FreshGround> {
  const folder = await mkdtemp(join(tmpdir(), 'regulars-bench-'));
  const postgres = await startEmbeddedPostgres(folder);
  const kafka = mode === 'distributed' ? await startKafka() : undefined;
  const keysFile = join(folder, 'api-keys.json');
  const { text: key, record } = createApiKey({
    name: 'bench',
    scopes: ['admin'],
    createdBy: 'bench',
    now: new Date(),
  });
  await addApiKey(keysFile, record);
  return {
    key,
    env: {
      REGULARS_DATABASE_URL: postgres.url,
      REGULARS_API_KEYS_FILE: keysFile,
      ...(kafka && { REGULARS_KAFKA_BROKERS: kafka.brokers.join(',') }),
    },
    close: async () => {
      await kafka?.stop();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
