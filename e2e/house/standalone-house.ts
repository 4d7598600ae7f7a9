import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, freePorts } from '@regulars/testing';
import { isAlive } from './alive.ts';
import { Api } from './api.ts';
import { Child } from './child.ts';
import { drained, DRAINED_WITHIN_MS } from './drained.ts';
import type { House, HouseOptions } from './house.ts';
import { lookInside } from './look-inside.ts';
import { reconcile } from './reconcile.ts';
import { parseSeries, type Series } from './series.ts';

export interface StandaloneHouse extends House {
  readonly folder: string;
  readonly port: number;
  /** The process that runs now. */
  child(): Child;
  /** Starts it again after its end. */
  start(): Promise<Child>;
}

/** `regulars start` on a fresh folder. */
export async function startStandaloneHouse(options: HouseOptions = {}): Promise<StandaloneHouse> {
  const folder = await mkdtemp(join(options.within ?? tmpdir(), 'regulars-e2e-'));
  const port = await freePorts(1);
  const given = options.env?.['DATABASE_URL'];
  const said: Child[] = [];
  const start = async (): Promise<Child> => {
    const clock = options.clock === undefined ? [] : ['--clock', options.clock];
    const child = Child.run(['start', '--data', folder, '--port', String(port), ...clock], {
      REGULARS_RATE_LIMIT_PER_MINUTE: '1000000',
      ...options.env,
    });
    said.push(child);
    await child.said(/Regulars runs/);
    return child;
  };
  let running = start();
  const first = await running;
  const api = new Api(
    /Address +(\S+)/.exec(first.output)?.[1] ?? '',
    /API key +(rk_\S+)/.exec(first.output)?.[1] ?? '',
  );
  const child = (): Child => said.at(-1) ?? first;
  const scrape = async (): Promise<Series[]> =>
    parseSeries(await (await fetch(`${api.address}/metrics`)).text());

  const house: StandaloneHouse = {
    mode: 'standalone',
    api,
    folder,
    port,
    processes: ['standalone'],
    child,
    start: () => (running = start()),
    kill9: async () => {
      const victim = await running;
      victim.signal('SIGKILL');
      await victim.ended;
      running = start();
      // Awaited by ready(); nobody may be looking when it fails.
      running.catch(() => undefined);
    },
    ready: async () => {
      await running;
      await eventually(async () => (await fetch(`${api.address}/health/ready`)).ok, {
        withinMs: 180_000,
      });
    },
    cli: (...parameters) => runCli(api, parameters),
    reconcile: () =>
      given === undefined ? reconcile('--data', folder) : reconcile('--database-url', given),
    scrape,
    drained: (withinMs = DRAINED_WITHIN_MS) => drained(house, withinMs),
    rows: async (statement) => lookInside(given ?? (await embeddedUrl(folder)), statement),
    output: () => said.map((one) => one.lastWords).join('\n--- started again ---\n'),
    stop: async () => {
      if (child().running) await child().stop();
      await endPostgres(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
  return house;
}

/** Runs a command to its end. */
export async function runCli(api: Api, parameters: readonly string[]): Promise<string> {
  const child = Child.run(parameters, {
    REGULARS_URL: api.address,
    REGULARS_API_KEY: api.key,
  });
  const { code } = await child.ended;
  if (code !== 0)
    throw new Error(
      `regulars ${parameters.join(' ')} ended with ${String(code)}:\n${child.lastWords}`,
    );
  return child.output;
}

/** Address of the embedded Postgres of a folder, as its own files say. */
export async function embeddedUrl(folder: string): Promise<string> {
  const password = (await readFile(join(folder, 'postgres-password'), 'utf8')).trim();
  const { port } = await postmaster(folder);
  return `postgres://postgres:${password}@127.0.0.1:${String(port)}/postgres`;
}

export async function postmaster(folder: string): Promise<{ pid: number; port: number }> {
  const lines = (await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
  return { pid: Number(lines[0]), port: Number(lines[3]) };
}

/** The Postgres of a killed standalone lives on: here nobody comes to adopt it. */
async function endPostgres(folder: string): Promise<void> {
  const found = await postmaster(folder).catch(() => undefined);
  if (!found) return;
  process.kill(found.pid, 'SIGQUIT');
  await eventually(() => !isAlive(found.pid), { withinMs: 20_000 });
}
