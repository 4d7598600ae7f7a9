import { describe, expect, it, jest } from '@jest/globals';
import { ImportPause } from './import-pause.http.js';
import { atOnce } from './record-in-parts.http.js';

const history = [{ imported: true }];
const none = (): number => 0;

describe('imports', () => {
  it('are recorded one part after the other, also those of several batches', async () => {
    const imports = new ImportPause(none, none);
    const seen: string[] = [];
    let end: (() => void) | undefined;
    const first = imports.admit(history).next(async () => {
      seen.push('first begins');
      await new Promise<void>((resolve) => (end = resolve));
      seen.push('first ends');
    });
    const second = imports.admit(history).next(() => {
      seen.push('second begins');
      return Promise.resolve();
    });
    while (end === undefined) await new Promise(setImmediate);
    end();
    await Promise.all([first, second]);

    expect(seen).toEqual(['first begins', 'first ends', 'second begins']);
  });

  it('go on after a part that failed', async () => {
    const imports = new ImportPause(none, none);
    const { next } = imports.admit(history);
    await expect(next(() => Promise.reject(new Error('no database')))).rejects.toThrow(
      'no database',
    );

    expect(await next(() => Promise.resolve('through'))).toBe('through');
  });

  it('wait part by part, where somebody buys beside them, until consumers of the process have caught up', async () => {
    let looks = 0;
    const imports = new ImportPause(none, () => {
      looks += 1;
      imports.live();
      return looks % 3 === 0 ? 5_000 : 5_001;
    });
    const { next } = imports.admit(history);
    expect(await next(() => Promise.resolve(looks))).toBe(0);

    imports.live();
    expect(await next(() => Promise.resolve(looks))).toBe(3);
    expect(await next(() => Promise.resolve(looks))).toBe(6);
  });

  it('wait for nobody any more a second after the last who bought', async () => {
    const imports = new ImportPause(none, () => Infinity);
    imports.admit([{ imported: false }]);
    const startedAt = performance.now();
    await imports.admit(history).next(() => Promise.resolve());

    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(900);
  });

  it('are recorded in smaller parts beside others, with a rest of twice its time after each', async () => {
    let nowMs = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => (nowMs += 5));
    const imports = new ImportPause(none, none);
    const { next, partSize } = imports.admit(history);
    expect(partSize()).toBe(100);
    imports.live();
    expect(partSize()).toBeLessThan(100);
    const begun: number[] = [];
    const part = () =>
      next(() => {
        begun.push(nowMs);
        nowMs += 200;
        return Promise.resolve();
      });
    await part();
    imports.live();
    await part();
    clock.mockRestore();

    const [first = 0, second = 0] = begun;
    expect(second - first).toBeGreaterThanOrEqual(600);
    expect(second - first).toBeLessThan(700);
  });

  it('get in slowly where consumers are always behind, and with all parts before a caller gives up', async () => {
    let nowMs = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => nowMs);
    let looks = 0;
    const imports = new ImportPause(none, () => {
      looks += 1;
      nowMs += 1_000;
      imports.live();
      return Infinity;
    });
    imports.live();
    const { next } = imports.admit(history);
    const waits: number[] = [];
    for (let part = 0; part < 4; part += 1) {
      const before = looks;
      await next(() => Promise.resolve());
      waits.push(looks - before);
    }
    clock.mockRestore();

    expect(waits).toEqual([10, 10, 1, 1]);
  });

  it('are put off while the oldest unsent row is over a second old; nothing else is', () => {
    const imports = new ImportPause(() => 1_001, none);

    expect(() => imports.admit([{}, ...history])).toThrow('Imports pause');
    expect(imports.admit([{ imported: false }, {}, null])).toBe(atOnce);
    expect(new ImportPause(() => 1_000, none).admit(history)).not.toBe(atOnce);
  });
});
