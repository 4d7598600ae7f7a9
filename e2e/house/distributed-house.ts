import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceNames } from '@regulars/contracts';
import { eventually, freePorts } from '@regulars/testing';
import { isAlive } from './alive.ts';
import { Api } from './api.ts';
import { Child } from './child.ts';
import { drained, DRAINED_WITHIN_MS } from './drained.ts';
import type { House, HouseOptions } from './house.ts';
import { lookInside } from './look-inside.ts';
import { makeDatabase, type MadeDatabase } from './make-database.ts';
import { reconcile } from './reconcile.ts';
import { parseSeries, type Series } from './series.ts';
import { runCli } from './standalone-house.ts';

export interface DistributedOptions extends HouseOptions {
  /** A Kafka that no Regulars has written to. */
  readonly brokers: readonly string[];
  /** An empty one; made on the Postgres of the tests when absent. */
  readonly database?: MadeDatabase;
  /** By which the services, and nobody else, reach Postgres. */
  readonly postgresPort?: number;
}

export interface DistributedHouse extends House {
  readonly mode: 'distributed';
  readonly databaseUrl: string;
  /** With the file of API keys. */
  readonly folder: string;
  /** What its services were given beside addresses and ports. */
  readonly env: Readonly<Record<string, string>>;
  /** The process that a service runs in. */
  pid(service: string): Promise<number>;
  /** The process of the gateway, which watches over the others. */
  readonly gatewayPid: number;
}

/** `regulars distributed`: five processes behind a gateway, on a database of its own. */
export async function startDistributedHouse(
  options: DistributedOptions,
): Promise<DistributedHouse> {
  const folder = await mkdtemp(join(tmpdir(), 'regulars-e2e-'));
  const database = options.database ?? (await makeDatabase());
  const first = await freePorts(11);
  const servicesUrl = new URL(database.url);
  if (options.postgresPort !== undefined) servicesUrl.port = String(options.postgresPort);
  const env = {
    DATABASE_URL: servicesUrl.href,
    KAFKA_BROKERS: options.brokers.join(','),
    REGULARS_RATE_LIMIT_PER_MINUTE: '1000000',
    REGULARS_LOG_LEVEL: 'warn',
    ...(options.clock === undefined ? {} : { REGULARS_CLOCK: options.clock }),
    ...options.env,
  };
  const child = Child.run(['distributed', '--data', folder, '--port', String(first)], {
    ...env,
    REGULARS_FIRST_SERVICE_PORT: String(first + 1),
    REGULARS_FIRST_MANAGEMENT_PORT: String(first + 6),
  });
  const key = (await child.said(/API key +(rk_\S+)/))[1] ?? '';
  const api = new Api(`http://127.0.0.1:${String(first)}`, key);
  const scrape = async (): Promise<Series[]> => {
    const ports = [first, ...serviceNames.map((_, index) => first + 6 + index)];
    const texts = await Promise.all(
      ports.map(async (port) => (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text()),
    );
    return texts.flatMap(parseSeries);
  };
  const ready = async (): Promise<void> => {
    await eventually(async () => (await fetch(`${api.address}/health/ready`)).ok, {
      withinMs: 300_000,
    });
  };
  const pid = (service: string): Promise<number> =>
    eventually(() => pidOf(child.output, service) ?? false, { withinMs: 120_000 });
  const house: DistributedHouse = {
    mode: 'distributed',
    api,
    databaseUrl: database.url,
    folder,
    env,
    pid,
    gatewayPid: child.pid,
    processes: serviceNames,
    kill9: async (name) => {
      const victim = await pid(name);
      process.kill(victim, 'SIGKILL');
      await eventually(() => !isAlive(victim));
    },
    ready,
    cli: (...parameters) => runCli(api, parameters),
    reconcile: () => reconcile('--database-url', database.url),
    scrape,
    drained: (withinMs = DRAINED_WITHIN_MS) => drained(house, withinMs),
    rows: (statement) => lookInside(database.url, statement),
    output: () => child.lastWords,
    stop: async () => {
      await child.stop();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await ready();
  } catch (error) {
    await house.stop();
    throw new Error(`The services did not become ready:\n${child.lastWords}`, { cause: error });
  }
  return house;
}

/** The process that a service runs in now; undefined between its end and its next start. */
function pidOf(output: string, service: string): number | undefined {
  const [, last] =
    [...output.matchAll(new RegExp(`^${service} runs as process (\\d+)`, 'gm'))].at(-1) ?? [];
  const pid = Number(last);
  return pid > 0 && isAlive(pid) ? pid : undefined;
}
