import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@regulars/kernel';
import { startStandalone } from '@regulars/standalone';
import { startDistributedHouse } from '../../e2e/house/distributed-house.ts';
import { embeddedUrl, startStandaloneHouse } from '../../e2e/house/standalone-house.ts';
import { makeDatabase } from '../../e2e/house/make-database.ts';
import { calm, calmOf } from './calm.ts';
import { freshGround } from './fresh-ground.ts';

/** All services, with the promises on. */
export interface RunningHouse {
  readonly address: string;
  readonly key: string;
  readonly databaseUrl: string;
  /** Until nothing is worked off any more. */
  quiet(): Promise<unknown>;
  close(): Promise<void>;
}

type Env = Readonly<Record<string, string>>;

/** As `regulars start` runs them: one process, on a durable Postgres of their own. */
export async function runStandalone(env: Env): Promise<RunningHouse> {
  const house = await startStandaloneHouse({ env });
  return {
    address: house.api.address,
    key: house.api.key,
    databaseUrl: await embeddedUrl(house.folder),
    quiet: () => calmOf(house.scrape),
    close: () => house.stop(),
  };
}

/** The same in this process, by a clock that is moved: `clockMoved` says that it has jumped, and looks for what came due. */
export async function runByClock(
  env: Env,
  clock: Clock,
): Promise<RunningHouse & { clockMoved(): void }> {
  const folder = await mkdtemp(join(tmpdir(), 'regulars-bench-'));
  const running = await startStandalone({
    dataFolder: folder,
    port: 0,
    host: '127.0.0.1',
    env,
    clock,
    onFatal: (error) => {
      throw error;
    },
  });
  return {
    address: running.address,
    key: running.firstKey ?? '',
    databaseUrl: running.databaseUrl,
    quiet: () => calm(running.services),
    clockMoved: () => {
      for (const { timers } of running.services) timers.wake();
    },
    close: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Five processes behind a gateway, on a durable Postgres and a Kafka of their own. */
export async function runDistributed(env: Env): Promise<RunningHouse> {
  const ground = await freshGround('distributed');
  const database = await makeDatabase(ground.env.REGULARS_DATABASE_URL);
  const brokers = ground.env.REGULARS_KAFKA_BROKERS?.split(',') ?? [];
  const house = await startDistributedHouse({ brokers, database, env });
  return {
    address: house.api.address,
    key: house.api.key,
    databaseUrl: database.url,
    quiet: () => calmOf(house.scrape),
    close: async () => {
      await house.stop();
      await ground.close();
    },
  };
}
