import { describe, expect, it } from '@jest/globals';
import { statedCycleOf, type StatedCycles } from './stated-cycles.js';

const nothing: StatedCycles = {
  all: undefined,
  categories: new Map(),
  products: new Map(),
  catalogue: new Map(),
};
const beans = { product: 'beans', category: 'coffee', quantity: 2, amountMinor: 100 };

describe('statedCycleOf', () => {
  it('is nothing where nothing is stated', () => {
    expect(statedCycleOf([beans], nothing)).toBeUndefined();
  });

  it.each<[string, Partial<StatedCycles>, number]>([
    ['for all', { all: 90 }, 90],
    ['the category before all', { all: 90, categories: new Map([['coffee', 60]]) }, 60],
    ['how long the pieces last', catalogue(null, 30), 60],
    ['the catalogue before how long a piece lasts', catalogue(45, 30), 45],
    [
      'the API before the catalogue',
      { ...catalogue(45, 30), products: new Map([['beans', 20]]) },
      20,
    ],
    ['no more than ten years', catalogue(null, 3000), 3650],
  ])('takes %s', (_what, stated, days) => {
    expect(statedCycleOf([beans], { ...nothing, ...stated })).toBe(days);
  });

  it('is the shortest of what was bought on the day', () => {
    const filters = { product: 'filters', category: null, quantity: 1, amountMinor: 5 };
    const stated = {
      ...nothing,
      all: 10,
      products: new Map([
        ['beans', 40],
        ['filters', 25],
      ]),
    };

    expect(statedCycleOf([beans, filters], stated)).toBe(25);
  });
});

function catalogue(
  statedCycleDays: number | null,
  consumedInDays: number | null,
): Partial<StatedCycles> {
  return { catalogue: new Map([['beans', { statedCycleDays, consumedInDays }]]) };
}
