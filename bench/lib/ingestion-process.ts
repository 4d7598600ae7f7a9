import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePorts } from '@regulars/testing';
import { parseSeries } from '../../e2e/house/series.ts';
import { calmOf } from './calm.ts';
import { freshGround } from './fresh-ground.ts';
import { httpClient, type HttpClient } from './http-client.ts';
import type { Mode } from './mode.ts';
import { postPurchases } from './post-purchases.ts';

export interface IngestionProcess {
  readonly databaseUrl: string;
  readonly client: HttpClient;
  /** Posts a batch; rejects unless every item is new. */
  create(items: readonly object[]): Promise<void>;
  /** Posts a batch again; rejects unless every item is known with the same content. */
  repeat(items: readonly object[]): Promise<void>;
  scrape(): Promise<string>;
  /** Until its relay has nothing left to carry: what one side leaves behind must not burden the other. */
  quiet(): Promise<unknown>;
  close(): Promise<void>;
}

const main = fileURLToPath(new URL('../../services/ingestion/dist/main.js', import.meta.url));
const blind = new URL('blind.ts', import.meta.url).href;
const START_MS = 60_000;

/** Ingestion as it is run: a process of its own, on ground of its own. Without `seeing` it neither logs nor counts. */
export async function runIngestion(mode: Mode, { seeing = true } = {}): Promise<IngestionProcess> {
  const ground = await freshGround(mode);
  const port = await freePorts(2);
  const child = spawn(process.execPath, [...(seeing ? [] : ['--import', blind]), main], {
    env: {
      PATH: process.env['PATH'],
      ...ground.env,
      REGULARS_HOST: '127.0.0.1',
      REGULARS_PORT: String(port),
      REGULARS_MANAGEMENT_PORT: String(port + 1),
      REGULARS_RATE_LIMIT_PER_MINUTE: '10000000',
      REGULARS_LOG_LEVEL: seeing ? 'info' : 'silent',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  const address = `http://127.0.0.1:${String(port)}`;
  for (const until = performance.now() + START_MS; !(await answers(`${address}/health/ready`));) {
    if (child.exitCode !== null || performance.now() > until)
      throw new Error('Ingestion did not start.');
    await pause(100);
  }
  const client = httpClient(address, ground.key);
  const scrape = async (): Promise<string> =>
    (await fetch(`http://127.0.0.1:${String(port + 1)}/metrics`)).text();
  return {
    databaseUrl: ground.env.REGULARS_DATABASE_URL,
    client,
    create: (items) => postPurchases(client, items, 'created'),
    repeat: (items) => postPurchases(client, items, 'unchanged'),
    scrape,
    quiet: () => calmOf(async () => parseSeries(await scrape())),
    close: async () => {
      client.close();
      child.kill('SIGTERM');
      await ended;
      await ground.close();
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
