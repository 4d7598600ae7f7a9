import { describe, expect, it } from '@jest/globals';
import { eventually } from '@regulars/testing';
import { watchPostgres } from './watch-postgres.js';

describe('the watch on the embedded Postgres', () => {
  it('starts it again however often that fails, and says so once', async () => {
    const said: string[] = [];
    let starts = 0;
    const startAgain = (): Promise<void> => {
      starts += 1;
      return starts < 5 ? Promise.reject(new Error('No space left on device')) : Promise.resolve();
    };
    const watch = watchPostgres(
      { alive: () => Promise.resolve(starts >= 5), startAgain },
      (words) => said.push(words),
      1,
    );
    await eventually(() => said.length === 3);
    await watch.end();

    expect(starts).toBe(5);
    expect(said).toEqual([
      'The embedded Postgres ended by itself; it is started again.',
      'The embedded Postgres does not start and is tried again: No space left on device',
      'The embedded Postgres runs again.',
    ]);
  });

  it('takes a look that fails for a server that is away', async () => {
    let looks = 0;
    let starts = 0;
    const alive = (): Promise<boolean> => {
      looks += 1;
      return looks === 1 ? Promise.reject(new Error('No such file')) : Promise.resolve(starts > 0);
    };
    const startAgain = (): Promise<void> => {
      starts += 1;
      return Promise.resolve();
    };
    const watch = watchPostgres({ alive, startAgain }, () => undefined, 1);
    await eventually(() => starts === 1);
    await watch.end();
  });

  it('ends in the middle of a pause', async () => {
    const away = { alive: () => Promise.resolve(true), startAgain: () => Promise.resolve() };
    await watchPostgres(away, () => undefined, 3_600_000).end();
  });
});
