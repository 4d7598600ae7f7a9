import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatedClock } from '@regulars/kernel';
import { startStandalone, TimeDriver } from '@regulars/standalone';

/** The whole house in this process, on an embedded Postgres of its own, and time in the test's hand. */
export interface Shop {
  readonly databaseUrl: string;
  now(): Date;
  /** Lives through everything up to the instant, and stands there. */
  until(instant: Date): Promise<void>;
  /** Lets the house take in what was posted; time stands. */
  settle(): Promise<void>;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  close(): Promise<void>;
}

export async function openShop(options: {
  readonly from: Date;
  readonly timeZone: string;
}): Promise<Shop> {
  const folder = await mkdtemp(join(tmpdir(), 'regulars-month-'));
  const clock = new SimulatedClock(options.from);
  let broken: Error | undefined;
  const house = await startStandalone({
    dataFolder: folder,
    port: 0,
    host: '127.0.0.1',
    clock,
    env: {
      REGULARS_TIME_ZONE: options.timeZone,
      REGULARS_LOG_LEVEL: 'warn',
      REGULARS_RATE_LIMIT_PER_MINUTE: '1000000',
    },
    onFatal: (error) => {
      broken = error;
    },
  });
  const driver = new TimeDriver(clock, house.services);
  const checkWhole = (): void => {
    if (broken) throw broken;
  };

  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(new URL(path, house.address), {
      method,
      headers: {
        authorization: `Bearer ${house.firstKey ?? ''}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (answer.ok && answer.status !== 207) return JSON.parse(text) as T;
    throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 1_000)}`);
  }

  return {
    databaseUrl: house.databaseUrl,
    now: () => clock.now(),
    until: async (instant) => {
      await driver.advanceTo(instant);
      checkWhole();
    },
    settle: async () => {
      await driver.settle();
      checkWhole();
    },
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    close: async () => {
      await house.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
