import { describe, expect, it } from '@jest/globals';
import { JoinedRanges } from './joined-ranges.js';

/** A log whose partitions have grown with each reading, and what it was asked for. */
function growing() {
  const asked: string[][] = [];
  let answering: Promise<unknown> = Promise.resolve();
  const ranges = new JoinedRanges(async (names) => {
    const end = BigInt(asked.push([...names].sort()));
    await answering;
    return names.map((topic, topicId) => ({ topic, topicId, partition: 0, start: 0n, end }));
  });
  const endsOf = async (...names: string[]): Promise<Record<string, bigint>> =>
    Object.fromEntries((await ranges.of(names)).map(({ topic, end }) => [topic, end]));
  const answerAfter = (moment: Promise<unknown>): void => {
    answering = moment;
  };
  return { asked, endsOf, answerAfter };
}

describe('ranges of those who ask in one moment', () => {
  it('are read once, and each is given its own', async () => {
    const { asked, endsOf } = growing();

    expect(await Promise.all([endsOf('a', 'b'), endsOf('b', 'c'), endsOf('d')])).toEqual([
      { a: 1n, b: 1n },
      { b: 1n, c: 1n },
      { d: 1n },
    ]);
    expect(asked).toEqual([['a', 'b', 'c', 'd']]);
  });

  it('are read anew for who comes while others are being answered', async () => {
    const { asked, endsOf, answerAfter } = growing();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    answerAfter(promise);
    const first = endsOf('a');
    while (asked.length === 0) await new Promise(setImmediate);

    const second = endsOf('a');
    resolve(undefined);

    expect([await first, await second]).toEqual([{ a: 1n }, { a: 2n }]);
  });

  it('are read by the next after a failure', async () => {
    let failing = true;
    const ranges = new JoinedRanges(() =>
      failing ? Promise.reject(new Error('away')) : Promise.resolve([]),
    );
    await expect(Promise.all([ranges.of(['a']), ranges.of(['b'])])).rejects.toThrow('away');

    failing = false;
    expect(await ranges.of(['a'])).toEqual([]);
  });
});
