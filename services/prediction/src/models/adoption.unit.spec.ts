import { describe, expect, it } from '@jest/globals';
import { adoptionOf } from './adoption.js';

describe('adoptionOf', () => {
  it.each([
    ['pass', undefined, 'use'],
    ['pass', 'pass', 'use'],
    ['not enough data', undefined, 'use'],
    ['not enough data', 'not enough data', 'use'],
    ['not enough data', 'pass', 'keep'],
    ['fail', 'pass', 'keep'],
    ['fail', 'not enough data', 'fall back to the prior'],
    ['fail', undefined, 'fall back to the prior'],
  ] as const)('a verdict "%s" over one in force of "%s": %s', (verdict, inForce, adoption) => {
    expect(adoptionOf(verdict, inForce)).toBe(adoption);
  });
});
