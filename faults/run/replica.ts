import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ServiceName } from '@regulars/contracts';
import { eventually, freePorts } from '@regulars/testing';
import type { DistributedHouse } from '../../e2e/house/distributed-house.ts';
import { parseSeries, sumOf, type Series } from '../../e2e/house/series.ts';
import { PATIENCE_MS } from './patience.ts';

/** One more process of a service, beside the one of the house. */
export interface Replica {
  readonly service: ServiceName;
  readonly pid: number;
  /** Not any more once it has ended, by itself or otherwise. */
  running(): boolean;
  /** Where it answers itself, past the gateway. */
  readonly address: string;
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM; its exit code. */
  stop(): Promise<number | null>;
  kill9(): Promise<void>;
  scrape(): Promise<readonly Series[]>;
  /** Records that it has passed. */
  consumed(): Promise<number>;
  output(): string;
}

const alive = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

export async function startReplica(
  house: Pick<DistributedHouse, 'env' | 'folder'>,
  service: ServiceName,
  more: Readonly<Record<string, string>> = {},
): Promise<Replica> {
  const port = await freePorts(2);
  const script = fileURLToPath(new URL(`../../services/${service}/dist/main.js`, import.meta.url));
  const child = spawn(process.execPath, ['--enable-source-maps', script], {
    env: {
      PATH: process.env['PATH'],
      ...house.env,
      ...more,
      REGULARS_PORT: String(port),
      REGULARS_MANAGEMENT_PORT: String(port + 1),
      REGULARS_API_KEYS_FILE: join(house.folder, 'api-keys.json'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  alive.add(child);
  const ended = once(child, 'exit').then(() => {
    alive.delete(child);
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (output = (output + text.toString()).slice(-4_000)));
  const scrape = async (): Promise<Series[]> =>
    parseSeries(await (await fetch(`http://127.0.0.1:${String(port + 1)}/metrics`)).text());
  await eventually(
    async () => {
      if (!alive.has(child)) throw new Error(`A replica of ${service} ended:\n${output}`);
      return (await fetch(`http://127.0.0.1:${String(port)}/health/ready`)).ok;
    },
    { withinMs: PATIENCE_MS },
  );
  return {
    service,
    pid: child.pid ?? 0,
    running: () => alive.has(child),
    address: `http://127.0.0.1:${String(port)}`,
    signal: (signal) => void child.kill(signal),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      return child.exitCode;
    },
    kill9: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    scrape,
    consumed: async () => sumOf(await scrape(), 'regulars_consumer_records_total'),
    output: () => output,
  };
}
