import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { GroupCommit, QueueFull } from './group-commit.js';

/** A commit that ends when told to. */
function held() {
  const groups: { items: readonly number[]; finish: () => void; fail: (error: Error) => void }[] =
    [];
  const commit = (items: readonly number[]) =>
    new Promise<number[]>((resolve, reject) => {
      const finish = () => {
        resolve(items.map((item) => item * 10));
      };
      groups.push({ items, finish, fail: reject });
    });
  const sizes = () => groups.map(({ items }) => items.length);
  return { groups, commit, sizes };
}
const limits = { maxItems: 3, maxWaitMs: 5, maxGroups: 2, maxWaiting: 7 };

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('GroupCommit', () => {
  it('lets an item that comes alone start at once', async () => {
    const { groups, commit } = held();
    const desk = new GroupCommit({ ...limits, commit });
    const answer = desk.submit(1);
    expect(groups).toHaveLength(1);
    groups[0]?.finish();
    expect(await answer).toBe(10);
    await Promise.resolve();
    expect(desk.idle).toBe(true);
  });

  it('joins those that come meanwhile when the first is through', async () => {
    const { groups, commit, sizes } = held();
    const desk = new GroupCommit({ ...limits, commit });
    const answers = [1, 2, 3].map((item) => desk.submit(item));
    expect(sizes()).toEqual([1]);
    groups[0]?.finish();
    await answers[0];
    await jest.advanceTimersByTimeAsync(0);
    expect(sizes()).toEqual([1, 2]);
    groups[1]?.finish();
    expect(await Promise.all(answers)).toEqual([10, 20, 30]);
  });

  it('waits at most 5 ms for the one before, and not at all once a group is full', async () => {
    const { commit, sizes } = held();
    const desk = new GroupCommit({ ...limits, commit });
    void desk.submit(1);
    void desk.submit(2);
    await jest.advanceTimersByTimeAsync(4);
    expect(sizes()).toEqual([1]);
    await jest.advanceTimersByTimeAsync(1);
    expect(sizes()).toEqual([1, 1]);

    const other = held();
    const full = new GroupCommit({ ...limits, commit: other.commit });
    [1, 2, 3, 4].forEach((item) => void full.submit(item));
    expect(other.sizes()).toEqual([1, 3]);
  });

  it('lets also the first one wait for others where it gathers, but not once a group is full', async () => {
    const { groups, commit, sizes } = held();
    const desk = new GroupCommit({ ...limits, commit, gathers: true, maxGroups: 1 });
    void desk.submit(1);
    await jest.advanceTimersByTimeAsync(4);
    void desk.submit(2);
    expect(sizes()).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(sizes()).toEqual([2]);

    // The next ones gather for as long, also when the lane is free before.
    void desk.submit(3);
    groups[0]?.finish();
    await jest.advanceTimersByTimeAsync(4);
    expect(sizes()).toEqual([2]);
    [4, 5].forEach((item) => void desk.submit(item));
    expect(sizes()).toEqual([2, 3]);
    [6, 7, 8].forEach((item) => void desk.submit(item));
    groups[1]?.finish();
    await jest.advanceTimersByTimeAsync(0);
    expect(sizes()).toEqual([2, 3, 3]);
  });

  it('refuses when too many wait', async () => {
    const { commit } = held();
    const desk = new GroupCommit({ ...limits, commit, maxGroups: 1 });
    for (let item = 0; item < 8; item++) void desk.submit(item);
    await expect(desk.submit(9)).rejects.toBeInstanceOf(QueueFull);
    expect(desk.waitingCount).toBe(7);
  });

  it('fails a group together and goes on with the next', async () => {
    const { groups, commit } = held();
    const desk = new GroupCommit({ ...limits, commit });
    const first = desk.submit(1);
    const second = desk.submit(2);
    groups[0]?.fail(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    await jest.advanceTimersByTimeAsync(0);
    groups[1]?.finish();
    expect(await second).toBe(20);
  });
});
