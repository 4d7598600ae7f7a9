import { describe, expect, it } from '@jest/globals';
import { attemptAfter } from './fit-attempts.js';

describe('attemptAfter', () => {
  it.each([
    [1, '2026-01-01T00:15:00Z'],
    [2, '2026-01-01T00:30:00Z'],
    [5, '2026-01-01T04:00:00Z'],
    [11, '2026-01-08T00:00:00Z'],
    [2_000, '2026-01-08T00:00:00Z'],
  ])('%i attempts: at %s', (attempts, at) => {
    expect(attemptAfter(attempts, new Date('2026-01-01T00:00:00Z'))).toEqual(new Date(at));
  });
});
