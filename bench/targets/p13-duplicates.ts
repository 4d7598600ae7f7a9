import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStandalone } from '@regulars/standalone';
import type { Target } from '../pairs.ts';

const BATCHES = 20;
const BATCH = 100;
const CONNECTIONS = 4;

/** P13: posting the same purchases again, in batches of 100, against posting them the first time. */
export async function duplicates(): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'regulars-bench-'));
  const running = await startStandalone({
    dataFolder: folder,
    port: 0,
    host: '127.0.0.1',
    env: { REGULARS_LOG_LEVEL: 'error', REGULARS_RATE_LIMIT_PER_MINUTE: '1000000' },
    onFatal: (error) => {
      throw error;
    },
  });

  async function post(items: readonly object[], expected: string): Promise<void> {
    const answer = await fetch(`${running.address}/v1/purchases/batch`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${running.firstKey ?? ''}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ items }),
    });
    const { items: answers } = (await answer.json()) as { items: { status: string }[] };
    // Work is checked, not assumed: dropped work is not speed.
    const wrong = answers.find(({ status }) => status !== expected);
    if (wrong) throw new Error(`Expected ${expected}, was answered ${wrong.status}.`);
  }

  async function rate(batches: readonly (readonly object[])[], expected: string): Promise<number> {
    const left = [...batches];
    const startedAt = performance.now();
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        for (let batch = left.pop(); batch; batch = left.pop()) await post(batch, expected);
      }),
    );
    return (batches.length * BATCH) / ((performance.now() - startedAt) / 1000);
  }

  return {
    id: 'P13',
    what: 'all duplicates ÷ all new, POST /v1/purchases/batch of 100, durable',
    unit: 'purchases/s',
    floor: 1,
    stretch: 1.5,
    measurePair: async () => {
      const run = randomBytes(4).toString('hex');
      const batches = Array.from({ length: BATCHES }, (_, batch) =>
        Array.from({ length: BATCH }, (_, item) => purchase(run, batch * BATCH + item)),
      );
      const yardstick = await rate(batches, 'created');
      const ours = await rate(batches, 'unchanged');
      return { ours, yardstick };
    },
    close: async () => {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** About 300 bytes of JSON. */
function purchase(run: string, n: number): object {
  return {
    source: 'bench',
    orderId: `${run}-${String(n)}`,
    customer: { externalId: `${run}-${String(n % 500)}`, name: 'Bench Customer' },
    purchasedAt: '2026-01-15T14:30:00+01:00',
    total: { amountMinor: 12_990, currency: 'EUR' },
    lines: [{ productId: 'coffee-1kg', category: 'food/coffee', quantity: 2, amountMinor: 12_990 }],
  };
}
