import { describe, expect, it } from '@jest/globals';
import { isUsed } from './adoption.js';

describe('isUsed', () => {
  it.each([
    ['pass', undefined, true],
    ['pass', 'pass', true],
    ['not enough data', undefined, true],
    ['not enough data', 'not enough data', true],
    ['not enough data', 'pass', false],
    ['fail', 'pass', false],
    ['fail', 'not enough data', false],
    ['fail', undefined, false],
  ] as const)('a verdict "%s" over one in force of "%s": %s', (verdict, inForce, used) => {
    expect(isUsed(verdict, inForce)).toBe(used);
  });
});
