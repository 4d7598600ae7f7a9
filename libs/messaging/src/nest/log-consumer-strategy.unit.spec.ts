import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Database } from '@regulars/persistence';
import type { BatchConsumer, EventLog } from '../event-log.js';
import { LogConsumerStrategy } from './log-consumer-strategy.js';

const WATCHDOG_MS = 60_000;

/** A stand-in for the log, whose consumer says when it polled last. */
describe('the watchdog of a consumer', () => {
  let polledAt: Date;
  let fatal: Error[];
  let strategy: LogConsumerStrategy;
  beforeEach(async () => {
    jest.useFakeTimers();
    polledAt = new Date();
    fatal = [];
    const consumer: BatchConsumer = {
      start: () => Promise.resolve(),
      close: () => Promise.resolve(),
      assignment: () => [],
      lastPollAt: () => polledAt,
    };
    strategy = new LogConsumerStrategy({
      group: 'prediction',
      database: {} as Database,
      log: { consumer: () => consumer } as unknown as EventLog,
      observer: {
        passed: () => undefined,
        retrying: () => undefined,
        deadLettered: () => undefined,
        blocked: () => undefined,
      },
      notify: () => Promise.resolve(),
      onFatal: (error) => fatal.push(error),
      watchdogMs: WATCHDOG_MS,
    });
    strategy.addHandler('product', () => Promise.resolve());
    await new Promise((resolve) => {
      strategy.listen(resolve);
    });
  });
  afterEach(async () => {
    await strategy.close();
    jest.useRealTimers();
  });

  it('reports one that does nothing, and not before its time is over', () => {
    jest.advanceTimersByTime(WATCHDOG_MS);
    expect(fatal).toEqual([]);

    jest.advanceTimersByTime(WATCHDOG_MS / 4);
    expect(fatal.map(({ message }) => message)).toEqual([
      'prediction fetched and did nothing for 60000 ms.',
    ]);
  });

  it('leaves alone one that polls now and then', () => {
    for (let polls = 0; polls < 10; polls += 1) {
      jest.advanceTimersByTime(0.9 * WATCHDOG_MS);
      polledAt = new Date();
    }
    expect(fatal).toEqual([]);
  });

  it('does not blame it for the time in which the whole process stood still', () => {
    jest.advanceTimersByTime(WATCHDOG_MS / 2);
    jest.setSystemTime(Date.now() + 3_600_000);

    // One look is due at once; the poll that was due too comes after it.
    jest.advanceTimersByTime(WATCHDOG_MS / 4);
    expect(fatal).toEqual([]);
    polledAt = new Date();
    jest.advanceTimersByTime(WATCHDOG_MS);
    expect(fatal).toEqual([]);
  });
});
