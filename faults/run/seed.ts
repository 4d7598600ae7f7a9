import { randomInt } from 'node:crypto';

/** Numbers of a run: the same seed gives the same decisions of the runner (not the same timing). */
export interface Random {
  readonly seed: number;
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number from 0 up to, not including, `below`. */
  below(below: number): number;
  pick<T>(items: readonly T[]): T;
}

/** From REGULARS_TEST_FAULT_SEED, or drawn; the line of counts says which. */
export function runSeed(): number {
  const given = process.env['REGULARS_TEST_FAULT_SEED'] ?? '';
  if (given === '') return randomInt(1, 2 ** 31);
  if (/^\d{1,10}$/.test(given)) return Number(given);
  throw new Error('REGULARS_TEST_FAULT_SEED must be a whole number.');
}

/** The generator known as mulberry32. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    seed,
    next,
    below,
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new RangeError('There is nothing to pick from.');
      return item;
    },
  };
}
