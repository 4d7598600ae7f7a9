import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { together } from './together.js';

describe('together', () => {
  it('lets pauses of different lengths and beginnings end at once', () => {
    expect([together(2_000, 10_300), together(4_000, 8_700), together(5_000, 7_499)]).toEqual([
      1_700, 3_300, 4_501,
    ]);
    expect(together(1_000, 10_700)).toBe(1_300);
  });

  it('does not change a pause that ends with others by more than their timers were off', () => {
    expect([together(2_000, 11_996), together(2_000, 12_004)]).toEqual([2_004, 1_996]);
  });

  it('keeps short pauses, and changes no other by more than a second', () => {
    expect(together(999, 12_345)).toBe(999);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), fc.nat(60_000), (now, ms) => {
        const off = Math.abs(together(ms, now) - ms);
        expect(off).toBeLessThanOrEqual(ms < 1_000 ? 0 : ms < 2_000 ? 501 : 1_001);
      }),
    );
  });
});
