import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { EventLog } from '@regulars/messaging';
import { createLogger } from '@regulars/observability';
import type { Database } from '@regulars/persistence';
import type { CampaignSettings } from '../campaigns.config.js';
import { ReadingProgress } from './reading-progress.use-case.js';

const at = { topic: 'regulars.purchase.v1', partition: 0 };

/** Progress on a log of one partition, of which so much is read; and how often it has looked. */
function progressOf(behindLimitMs: number) {
  const log = { end: 0n, position: 0n };
  let looks = 0;
  const progress = new ReadingProgress(
    {
      options: { service: 'campaigns' },
      query: () => Promise.resolve([{ ...at, next: String(log.position) }]),
    } as unknown as Database,
    {
      endOffsets: () => {
        looks += 1;
        return Promise.resolve([{ ...at, offset: log.end }]);
      },
    } as unknown as EventLog,
    createLogger({ service: 'test', level: 'silent' }),
    { behindLimitMs } as CampaignSettings,
  );
  const looksWithin = async (ms: number): Promise<number> => {
    const before = looks;
    await jest.advanceTimersByTimeAsync(ms);
    return looks - before;
  };
  return { progress, log, looksWithin };
}

describe('the progress of reading', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is looked at more rarely while all is read, and as often as ever while something is not', async () => {
    const { progress, log, looksWithin } = progressOf(60_000);
    progress.onApplicationBootstrap();
    await looksWithin(12_000);
    expect(await looksWithin(60_000)).toBe(10);

    log.end = 1n;
    await looksWithin(6_000);
    expect(await looksWithin(60_000)).toBe(30);
    await progress.onApplicationShutdown();
  });

  it('is never too old by itself, however small the limit', async () => {
    const { progress, looksWithin } = progressOf(8_000);
    progress.onApplicationBootstrap();
    await looksWithin(1);
    for (let second = 0; second < 60; second += 1) {
      await looksWithin(1_000);
      expect(progress.isBehind(4_000)).toBe(false);
    }
    await progress.onApplicationShutdown();
  });

  it('is behind no later than a record has waited for so long, whenever it came', async () => {
    for (let came = 0; came < 6_000; came += 500) {
      const { progress, log, looksWithin } = progressOf(60_000);
      progress.onApplicationBootstrap();
      await looksWithin(30_000 + came);
      expect(progress.isBehind(60_000)).toBe(false);

      log.end = 1n;
      await looksWithin(60_001);
      expect(progress.isBehind(60_000)).toBe(true);
      log.position = 1n;
      await looksWithin(2_500);
      expect(progress.isBehind(60_000)).toBe(false);
      await progress.onApplicationShutdown();
    }
  });
});
