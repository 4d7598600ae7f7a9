import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Turns } from './turns.js';

/** Work that ends when it is told to. */
function piece() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return { promise, end: resolve, fail: reject };
}

describe('turns', () => {
  it('are had by so many at once, and by the others in the order in which they came', async () => {
    const turns = new Turns(2);
    const pieces = [piece(), piece(), piece(), piece()];
    const begun: number[] = [];
    const done = pieces.map(({ promise }, index) =>
      turns.take(0, () => {
        begun.push(index);
        return promise;
      }),
    );
    await turnOfTheLoop();
    expect(begun).toEqual([0, 1]);

    pieces[1]?.end('second');
    expect(await done[1]).toBe('second');
    await turnOfTheLoop();
    expect(begun).toEqual([0, 1, 2]);

    for (const { end } of pieces) end('done');
    await Promise.all(done);
    expect(begun).toEqual([0, 1, 2, 3]);
  });

  it('end with a failure as well, which is the one who failed to deal with', async () => {
    const turns = new Turns(1);
    const failing = turns.take(0, () => Promise.reject(new Error('no database')));
    const next = turns.take(0, () => Promise.resolve('its turn'));

    await expect(failing).rejects.toThrow('no database');
    expect(await next).toBe('its turn');
    expect(turns.behindMs).toBe(0);
  });

  it('know how old the oldest is that waits or is worked on', async () => {
    const turns = new Turns(1);
    const now = Date.now();
    const [young, old] = [piece(), piece()];
    expect(turns.behindMs).toBe(0);
    const first = turns.take(now, () => young.promise);
    expect(turns.behindMs).toBeLessThan(100_000);
    const second = turns.take(now - 100_000, () => old.promise);
    expect(turns.behindMs).toBeGreaterThanOrEqual(100_000);

    young.end('');
    await first;
    expect(turns.behindMs).toBeGreaterThanOrEqual(100_000);

    old.end('');
    await second;
    expect(turns.behindMs).toBe(0);
  });

  it('are not behind for what a clock ahead of ours has dated', () => {
    const turns = new Turns(1);
    void turns.take(Date.now() + 100_000, () => piece().promise);
    expect(turns.behindMs).toBe(0);
  });
});
