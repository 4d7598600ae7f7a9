import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { DiscoveryService } from '@nestjs/core';
import { SchedulerRegistry } from '@nestjs/schedule';
import { SimulatedClock, systemClock, type Clock } from '@regulars/kernel';
import { createLogger, MetricsRegistry } from '@regulars/observability';
import type { Database, Sql } from '@regulars/persistence';
import { TimerClaimer } from './timer-claimer.js';
import { timersSet } from './timers-set.js';

/** A claimer of one kind over a table where nothing is due, and how often it has looked into it. */
function claimerOfNothing(clock: Clock, next: () => Date | null = () => null) {
  let looks = 0;
  let failing = false;
  const database = {
    options: { service: 'test' },
    clock,
    query: ({ text }: Sql) => {
      if (text.includes('as next')) return Promise.resolve([{ next: next() }]);
      looks += 1;
      return failing ? Promise.reject(new Error('away')) : Promise.resolve([]);
    },
  } as unknown as Database;
  const discovery = {
    getProviders: () => [{ instance: { fire: () => Promise.resolve() } }],
    getMetadataByDecorator: () => 'reminder',
  } as unknown as DiscoveryService;
  const claimer = new TimerClaimer(
    database,
    new MetricsRegistry('test'),
    discovery,
    new SchedulerRegistry(),
    createLogger({ service: 'test', level: 'silent' }),
  );
  const looksWithin = async (ms: number) => {
    const before = looks;
    await jest.advanceTimersByTimeAsync(ms);
    return looks - before;
  };
  const fail = (fails: boolean): void => {
    failing = fails;
  };
  return { claimer, looksWithin, fail };
}

describe('TimerClaimer', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('looks ever more rarely while nothing happens, and within half a second once a timer was set', async () => {
    const { claimer, looksWithin } = claimerOfNothing(systemClock);
    claimer.start();

    expect(await looksWithin(500)).toBe(1);
    await looksWithin(30_000);
    expect(await looksWithin(80_000)).toBe(10);

    const atOnce = looksWithin(0);
    timersSet.emit('test', false);
    expect(await atOnce).toBe(0);
    expect(await looksWithin(500)).toBe(1);
    await claimer.stop();
    expect(await looksWithin(10_000)).toBe(0);
  });

  it('looks when the next timer comes due, and soon again', async () => {
    const dueAt = new Date(Date.now() + 62_345);
    const { claimer, looksWithin } = claimerOfNothing(systemClock, () =>
      dueAt > new Date() ? dueAt : null,
    );
    claimer.start();
    await looksWithin(dueAt.getTime() - Date.now() - 1);

    expect(await looksWithin(1)).toBe(1);
    expect(await looksWithin(2_500)).toBeGreaterThanOrEqual(2);
    await claimer.stop();
  });

  it('looks within half a second when a timer is set while it asks for the next one', async () => {
    let asked = 0;
    const { claimer, looksWithin } = claimerOfNothing(systemClock, () => {
      asked += 1;
      if (asked === 10) timersSet.emit('test', false);
      return null;
    });
    claimer.start();
    for (let waited = 0; asked < 10; waited += 1) {
      expect(waited).toBeLessThan(1_000);
      await looksWithin(100);
    }

    expect(await looksWithin(500)).toBe(1);
    await claimer.stop();
  });

  it('looks about every second while the clock does not go: it may be moved', async () => {
    const { claimer, looksWithin } = claimerOfNothing(
      new SimulatedClock(new Date('2026-03-01T09:00:00.000Z')),
    );
    claimer.start();
    await looksWithin(10_000);

    expect(await looksWithin(15_000)).toBe(10);
    await claimer.stop();
  });

  it('looks twice a second while the database is away, and ever more rarely when it is back', async () => {
    const { claimer, looksWithin, fail } = claimerOfNothing(systemClock);
    claimer.start();
    await looksWithin(30_000);
    fail(true);
    await looksWithin(10_000);

    expect(await looksWithin(10_000)).toBe(20);
    fail(false);
    await looksWithin(30_000);
    expect(await looksWithin(80_000)).toBe(10);
    await claimer.stop();
  });

  it('looks at once when a timer was set that is due already', async () => {
    const { claimer, looksWithin } = claimerOfNothing(systemClock);
    claimer.start();
    await looksWithin(10_000);

    const looks = looksWithin(0);
    timersSet.emit('test', true);

    expect(await looks).toBe(1);
    await claimer.stop();
  });

  it('keeps looking while timers are set all the time', async () => {
    const { claimer, looksWithin } = claimerOfNothing(systemClock);
    claimer.start();
    const setting = setInterval(() => timersSet.emit('test', false), 30);

    expect(await looksWithin(10_000)).toBeGreaterThanOrEqual(19);

    clearInterval(setting);
    await claimer.stop();
  });
});
