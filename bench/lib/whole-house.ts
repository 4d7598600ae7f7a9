import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '@regulars/kernel';
import { httpClient, type HttpClient } from './http-client.ts';
import type { Mode } from './mode.ts';
import { batchesOf } from './purchases.ts';
import { runByClock, runDistributed, runStandalone, type RunningHouse } from './running-house.ts';

type Env = Readonly<Record<string, string>>;

export interface WholeHouse {
  readonly client: HttpClient;
  readonly address: string;
  readonly databaseUrl: string;
  /** Customers who may be written to, known to every service when it answers. */
  newCustomers(count: number): Promise<string[]>;
  /** A running campaign that thanks everybody who buys, on one channel, at this local hour. */
  thankBuyers(channel: 'email' | 'webhook', hour: number): Promise<void>;
  /** Until nothing is under way anywhere. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

const BATCH = 100;
const PATIENCE_MS = 300_000;

/** All services as a mode has them. */
export async function openHouse(mode: Mode, env: Env): Promise<WholeHouse> {
  const settings = settingsOf(env);
  return wholeHouse(
    await (mode === 'standalone' ? runStandalone(settings) : runDistributed(settings)),
  );
}

/** All services in this process, by a clock that is moved; `clockMoved` looks at once for what came due. */
export async function openHouseByClock(
  env: Env,
  clock: Clock,
): Promise<WholeHouse & { clockMoved(): void }> {
  const running = await runByClock(settingsOf(env), clock);
  return {
    ...wholeHouse(running),
    clockMoved: () => {
      running.clockMoved();
    },
  };
}

function settingsOf(env: Env): Env {
  return {
    REGULARS_LOG_LEVEL: 'error',
    REGULARS_RATE_LIMIT_PER_MINUTE: '10000000',
    REGULARS_TIME_ZONE: afternoonZone(new Date()),
    REGULARS_CAMPAIGNS_BEHIND_LIMIT_S: '3600',
    ...env,
  };
}

function wholeHouse(running: RunningHouse): WholeHouse {
  const client = httpClient(running.address, running.key);
  const quiet = async (): Promise<void> => {
    await running.quiet();
  };
  return {
    client,
    address: running.address,
    databaseUrl: running.databaseUrl,
    newCustomers: async (count) => {
      const run = randomBytes(4).toString('hex');
      const ids: string[] = [];
      for (const some of batchesOf(
        Array.from({ length: count }, (_, n) => `${run}-${String(n)}`),
        BATCH,
      )) {
        const { items } = (await client.post('/v1/customers/batch', {
          items: some.map(customerOf),
        })) as { items: { id: string }[] };
        ids.push(...items.map(({ id }) => id));
      }
      await quiet();
      return ids;
    },
    thankBuyers: async (channel, hour) => {
      const { id } = (await client.post('/v1/campaigns', {
        name: 'Thanks',
        audience: { segments: ['new', 'one-time', 'periodic', 'regular', 'lost'] },
        trigger: { kind: 'purchase' },
        ladder: [0, 40, 80].map((day) => ({ day, directness: 'presence', channel, hour })),
      })) as { id: string };
      await client.post(`/v1/campaigns/${id}/start`, {});
    },
    quiet,
    close: async () => {
      client.close();
      await running.close();
    },
  };
}

/** Rejects when it does not hold in five minutes. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('It did not come to its end in five minutes.');
    await pause(5);
  }
}

/** A purchase of this moment, about 300 bytes. */
export function purchaseNow(customerId: string, now = new Date()): object {
  return {
    source: 'bench',
    orderId: randomBytes(8).toString('hex'),
    customer: { id: customerId },
    purchasedAt: now.toISOString(),
    total: { amountMinor: 12_990, currency: 'EUR' },
    lines: [{ productId: 'coffee-1kg', category: 'food/coffee', quantity: 2, amountMinor: 12_990 }],
  };
}

function customerOf(externalId: string): object {
  return {
    externalId,
    name: 'Bench Customer',
    email: `${externalId}@customers.example`,
    consents: ['email', 'webhook'].map((channel) => ({
      channel,
      state: 'granted',
      wording: 'Yes.',
    })),
  };
}

/** A zone where it is afternoon now: no quiet hours while it runs. Signs of these names are turned round. */
function afternoonZone(now: Date): string {
  const ahead = 14 - now.getUTCHours();
  return ahead === 0 ? 'UTC' : `Etc/GMT${ahead > 0 ? '-' : '+'}${String(Math.abs(ahead))}`;
}
