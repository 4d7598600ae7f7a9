import { randomInt } from 'node:crypto';

/** From REGULARS_TEST_FAULT_SEED, or drawn; the line of counts says which. */
export function runSeed(): number {
  const given = process.env['REGULARS_TEST_FAULT_SEED'] ?? '';
  if (given === '') return randomInt(1, 2 ** 31);
  if (/^\d{1,10}$/.test(given)) return Number(given);
  throw new Error('REGULARS_TEST_FAULT_SEED must be a whole number.');
}
