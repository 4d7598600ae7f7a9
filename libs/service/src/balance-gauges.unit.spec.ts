import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { Balance } from '@regulars/kernel';
import { createLogger, MetricsRegistry } from '@regulars/observability';
import { BalanceGauges } from './balance-gauges.js';

afterEach(() => {
  jest.useRealTimers();
});

const balanced: Balance = {
  sum: 'passed',
  of: 'a-topic',
  whole: 7,
  parts: { applied: 5, duplicate: 2 },
  gaps: [],
};
const open: Balance = {
  ...balanced,
  gaps: [
    { records: 2, finding: 'two lack' },
    { records: -1, finding: 'one is too many' },
  ],
};

function gauges(read: () => Promise<readonly Balance[]>): {
  metrics: MetricsRegistry;
  gauges: BalanceGauges;
} {
  const metrics = new MetricsRegistry('test');
  const logger = createLogger({ service: 'test', level: 'silent' });
  return { metrics, gauges: new BalanceGauges({ metrics, logger, read }) };
}

async function value(metrics: MetricsRegistry, series: string): Promise<number | undefined> {
  const lines = (await metrics.registry.metrics()).split('\n');
  const line = lines.find((one) => one.startsWith(series));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

describe('the sums as metrics', () => {
  it('show what the records have become, and a gap that is never set off against another', async () => {
    jest.useFakeTimers();
    const answers = [[balanced], [open]];
    const { metrics, gauges: shown } = gauges(() => Promise.resolve(answers.shift() ?? [open]));
    const gap = `regulars_balance_gap_records{sum="passed",of="a-topic"`;
    shown.start();

    await jest.advanceTimersByTimeAsync(1);
    expect(await value(metrics, gap)).toBe(0);
    expect(
      await value(metrics, `regulars_balance_records{sum="passed",of="a-topic",part="applied"`),
    ).toBe(5);
    expect(
      await value(metrics, `regulars_balance_records{sum="passed",of="a-topic",part="whole"`),
    ).toBe(7);

    await jest.advanceTimersByTimeAsync(60_000);
    expect(await value(metrics, gap)).toBe(3);
    await shown.stop();
  });

  it('are read again after a failure, and no more after a stop', async () => {
    jest.useFakeTimers();
    let reads = 0;
    const { gauges: shown } = gauges(() => {
      reads += 1;
      return Promise.reject(new Error('the database is away'));
    });
    shown.start();
    await jest.advanceTimersByTimeAsync(1);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(reads).toBe(2);

    await shown.stop();
    await jest.advanceTimersByTimeAsync(600_000);
    expect(reads).toBe(2);
  });

  it('take a hundredth of the time at most, however long a reading lasts', async () => {
    jest.useFakeTimers();
    let reads = 0;
    const { gauges: shown } = gauges(async () => {
      reads += 1;
      await new Promise((resolve) => setTimeout(resolve, 10_000));
      return [];
    });
    shown.start();
    await jest.advanceTimersByTimeAsync(10_001);

    await jest.advanceTimersByTimeAsync(990_000);
    expect(reads).toBe(1);
    await jest.advanceTimersByTimeAsync(20_000);
    expect(reads).toBe(2);
    const stopping = shown.stop();
    await jest.advanceTimersByTimeAsync(10_000);
    await stopping;
  });
});
