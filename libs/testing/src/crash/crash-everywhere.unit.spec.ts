import { describe, expect, it } from '@jest/globals';
import { crashEverywhere } from './crash-everywhere.js';
import { CrashPoints } from './crash-points.js';

/** Two accounts and a transfer between them, effect by effect. */
function transfer(step: (done: ReadonlySet<string>, account: string) => boolean) {
  const points = new CrashPoints();
  const world = { one: 10, two: 0, done: new Set<string>() };
  const book = (account: 'one' | 'two', amount: number) =>
    points.around('commit', () => {
      world[account] += amount;
      world.done.add(account);
      return Promise.resolve();
    });
  return {
    points,
    reset: () => Promise.resolve(void Object.assign(world, { one: 10, two: 0, done: new Set() })),
    work: async () => {
      if (step(world.done, 'one')) await book('one', -10);
      if (step(world.done, 'two')) await book('two', 10);
    },
    outcome: () => Promise.resolve({ one: world.one, two: world.two }),
  };
}

describe('crashing everywhere', () => {
  it('finds nothing in work that goes on where it stopped', async () => {
    const scene = transfer((done, account) => !done.has(account));

    expect(await crashEverywhere(scene)).toEqual({
      runs: 4,
      sound: { one: 0, two: 10 },
      differences: [],
    });
    expect((await crashEverywhere(scene, { twice: true })).runs).toBeGreaterThan(8);
  });

  it('names each crash after which work that begins anew ends elsewhere', async () => {
    const { differences } = await crashEverywhere(transfer(() => true));

    expect(differences.map(({ crashes }) => crashes)).toEqual([
      [{ at: 0, when: 'after', effect: 'commit' }],
      [{ at: 1, when: 'before', effect: 'commit' }],
      [{ at: 1, when: 'after', effect: 'commit' }],
    ]);
    expect(differences[0]).toMatchObject({ missing: [' "one": 0,'], unexpected: [' "one": -10,'] });
  });
});
