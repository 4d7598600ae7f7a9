import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { IdlePause } from './idle-pause.js';

describe('IdlePause', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('doubles up to its longest, and starts anew when something was found', () => {
    const pause = new IdlePause(500, 4_000);

    expect([pause.next(), pause.next(), pause.next(), pause.next(), pause.next()]).toEqual([
      500, 1_000, 2_000, 4_000, 4_000,
    ]);
    pause.reset();
    expect(pause.next()).toBe(500);
  });

  it('ends its long pauses with those of others', () => {
    jest.advanceTimersByTime(4_700);
    const pause = new IdlePause(500, 4_000);

    expect([pause.next(), pause.next(), pause.next()]).toEqual([500, 1_300, 1_300]);
  });
});
