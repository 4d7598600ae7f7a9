import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inHalves } from './in-halves.js';

it('leaves out those at fault, runs each other one once and keeps their order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.nat(30), { minLength: 1 }),
      fc.array(fc.nat(30)),
      async (items, bad) => {
        const failed: number[] = [];
        const outcomes = await inHalves(items, {
          run: (some) =>
            some.some((item) => bad.includes(item))
              ? Promise.reject(new TypeError('bad'))
              : Promise.resolve(some),
          isOfItems: () => true,
          onFailed: (_, whom) => failed.push(...whom),
        });

        expect(outcomes).toEqual(items.filter((item) => !bad.includes(item)));
        expect(failed).toEqual(items.filter((item) => bad.includes(item)));
      },
    ),
  );
});

it('asks once, not for every half, while the database is away', async () => {
  const asked: number[] = [];
  const failed: (readonly number[])[] = [];

  await inHalves([1, 2, 3, 4], {
    run: (some) => {
      asked.push(some.length);
      return Promise.reject(new Error('away'));
    },
    isOfItems: () => false,
    onFailed: (_, items) => failed.push(items),
  });

  expect(asked).toEqual([4]);
  expect(failed).toEqual([[1, 2, 3, 4]]);
});
