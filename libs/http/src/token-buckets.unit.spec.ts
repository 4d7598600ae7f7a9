import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TokenBuckets } from './token-buckets.js';

describe('TokenBuckets', () => {
  it('refills evenly and says when to come again', () => {
    const buckets = new TokenBuckets(60);
    for (let i = 0; i < 60; i += 1) buckets.take('a', 0);

    expect(buckets.take('a', 0)).toEqual({ allowed: false, remaining: 0, resetSeconds: 1 });
    expect(buckets.take('a', 999).allowed).toBe(false);
    expect(buckets.take('a', 1_000).allowed).toBe(true);
    expect(buckets.take('b', 0)).toMatchObject({ allowed: true, remaining: 59 });
  });

  it('never lets more through than the allowance and what it gained since', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 300 }), (waits) => {
        const buckets = new TokenBuckets(30);
        let now = 0;
        let passed = 0;
        for (const wait of waits) {
          now += wait;
          if (buckets.take('a', now).allowed) passed += 1;
        }
        expect(passed).toBeLessThanOrEqual(30 + (now * 30) / 60_000);
      }),
    );
  });

  it('is not fooled by a clock that goes back', () => {
    const buckets = new TokenBuckets(1);
    buckets.take('a', 60_000);

    expect(buckets.take('a', 0).allowed).toBe(false);
  });

  it('forgets callers rather than growing without end', () => {
    const buckets = new TokenBuckets(1);
    buckets.take('first', 0);
    for (let i = 0; i < 10_000; i += 1) buckets.take(String(i), 0);

    expect(buckets.take('first', 0).allowed).toBe(true);
    expect(buckets.take('9999', 0).allowed).toBe(false);
  });
});
