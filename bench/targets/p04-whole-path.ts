import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startStandalone } from '@regulars/standalone';
import { httpClient } from '../lib/http-client.ts';
import { nullSink } from '../lib/null-sink.ts';
import { batchesOf } from '../lib/purchases.ts';
import { rate } from '../lib/rate.ts';
import type { Target } from '../pairs.ts';
import { copyYardstick } from '../yardsticks/copy.ts';

const EVENTS = 1_000;
const BATCH = 100;
const PATIENCE_MS = 120_000;

/** P4: from the accepted purchase through all five services to a touch at a sink that does nothing. */
export async function wholePath(): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'regulars-bench-'));
  const sink = await nullSink();
  const running = await startStandalone({
    dataFolder: folder,
    port: 0,
    host: '127.0.0.1',
    env: {
      ...sink.env,
      REGULARS_LOG_LEVEL: 'error',
      REGULARS_RATE_LIMIT_PER_MINUTE: '1000000',
      REGULARS_TIME_ZONE: afternoonZone(new Date()),
      REGULARS_CAMPAIGNS_BEHIND_LIMIT_S: '3600',
    },
    onFatal: (error) => {
      throw error;
    },
  });
  const client = httpClient(running.address, running.firstKey ?? '');
  const copy = await copyYardstick(running.databaseUrl);
  const { id } = (await client.post('/v1/campaigns', thanks)) as { id: string };
  await client.post(`/v1/campaigns/${id}/start`, {});

  /** Customers who may be written to, known to every service before the clock runs. */
  const newCustomers = async (): Promise<string[]> => {
    const run = randomBytes(4).toString('hex');
    const ids = Array.from({ length: EVENTS }, (_, n) => `${run}-${String(n)}`);
    const consents = [{ channel: 'webhook', state: 'granted', wording: 'Yes.' }];
    for (const some of batchesOf(ids, BATCH))
      await client.post('/v1/customers/batch', {
        items: some.map((externalId) => ({ externalId, name: 'Bench Customer', consents })),
      });
    await eventually(() => quiet());
    return ids;
  };
  const quiet = async (): Promise<boolean> => {
    if (running.services.some((service) => service.busy())) return false;
    await pause(1_000);
    return !running.services.some((service) => service.busy());
  };

  return {
    id: 'P4',
    what: 'accepted purchase -> touch at a null sink, all services ÷ COPY (C)',
    unit: 'events/s',
    floor: 0.01,
    stretch: 0.025,
    measurePair: async () => {
      const yardstick = await copy();
      const ids = await newCustomers();
      const before = sink.received();
      const startedAt = performance.now();
      await rate(batchesOf(ids, BATCH), 4, async (some) => {
        await client.post('/v1/purchases/batch', { items: some.map(purchaseOf) });
      });
      await eventually(() => Promise.resolve(sink.received() - before >= EVENTS));
      const ours = EVENTS / ((performance.now() - startedAt) / 1_000);
      if (sink.received() - before !== EVENTS) throw new Error('More touches than purchases.');
      return { ours, yardstick };
    },
    close: async () => {
      client.close();
      await running.stop();
      sink.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const thanks = {
  name: 'Thanks',
  audience: { segments: ['new', 'one-time', 'periodic', 'regular', 'lost'] },
  trigger: { kind: 'purchase' },
  ladder: [0, 40, 80].map((day) => ({ day, directness: 'presence', channel: 'webhook' })),
};

function purchaseOf(externalId: string): object {
  return {
    orderId: externalId,
    customer: { externalId },
    purchasedAt: new Date().toISOString(),
    total: { amountMinor: 12_990, currency: 'EUR' },
    lines: [{ productId: 'coffee-1kg', category: 'food/coffee', quantity: 2, amountMinor: 12_990 }],
  };
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > until) throw new Error('The touches did not arrive in two minutes.');
    await pause(5);
  }
}

/** A zone where it is afternoon now: no quiet hours while it runs. Signs of these names are turned round. */
function afternoonZone(now: Date): string {
  const ahead = 14 - now.getUTCHours();
  return ahead === 0 ? 'UTC' : `Etc/GMT${ahead > 0 ? '-' : '+'}${String(Math.abs(ahead))}`;
}
