import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ConsumerWatchdog } from './consumer-watchdog.js';

const WATCHDOG_MS = 60_000;

describe('the watchdog of a consumer', () => {
  let lastSign: number;
  let answer: () => Promise<boolean>;
  let reports: number;
  let watchdog: ConsumerWatchdog;
  beforeEach(() => {
    jest.useFakeTimers();
    lastSign = Date.now();
    answer = () => Promise.resolve(true);
    reports = 0;
    watchdog = new ConsumerWatchdog({
      watchdogMs: WATCHDOG_MS,
      lastSign: () => lastSign,
      logAnswers: () => answer(),
      onDead: () => (reports += 1),
    });
    watchdog.start();
  });
  afterEach(() => {
    watchdog.stop();
    jest.useRealTimers();
  });

  it('reports one that does nothing, and not before its time is over', async () => {
    await jest.advanceTimersByTimeAsync(WATCHDOG_MS);
    expect(reports).toBe(0);

    await jest.advanceTimersByTimeAsync(WATCHDOG_MS / 4);
    expect(reports).toBe(1);
  });

  it('leaves alone one that polls now and then', async () => {
    for (let polls = 0; polls < 10; polls += 1) {
      await jest.advanceTimersByTimeAsync(0.9 * WATCHDOG_MS);
      lastSign = Date.now();
    }
    expect(reports).toBe(0);
  });

  it('does not blame it for the time in which the whole process stood still', async () => {
    await jest.advanceTimersByTimeAsync(WATCHDOG_MS / 2);
    jest.setSystemTime(Date.now() + 3_600_000);

    await jest.advanceTimersByTimeAsync(WATCHDOG_MS / 4);
    expect(reports).toBe(0);
  });

  it('does not blame it for a log that is away, and gives it its whole time when the log is back', async () => {
    answer = () => Promise.resolve(false);
    await jest.advanceTimersByTimeAsync(5 * WATCHDOG_MS);
    answer = () => Promise.resolve(true);
    await jest.advanceTimersByTimeAsync(WATCHDOG_MS / 2);
    expect(reports).toBe(0);

    await jest.advanceTimersByTimeAsync(WATCHDOG_MS);
    expect(reports).toBeGreaterThan(0);
  });

  it('asks a log that is slow to answer once, and believes a sign that came meanwhile', async () => {
    // Silent at three looks: the next one decides.
    await jest.advanceTimersByTimeAsync(WATCHDOG_MS);
    const slow = Promise.withResolvers<boolean>();
    const asked = jest.fn(() => slow.promise);
    answer = asked;
    await jest.advanceTimersByTimeAsync(WATCHDOG_MS);
    lastSign = Date.now();
    slow.resolve(true);
    await jest.advanceTimersByTimeAsync(0);

    expect(asked).toHaveBeenCalledTimes(1);
    expect(reports).toBe(0);
  });
});
