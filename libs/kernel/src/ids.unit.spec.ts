import { describe, expect, it, jest } from '@jest/globals';
import { isId, newId } from './ids.js';

describe('an id', () => {
  it('is a UUID of version 7 and of the moment', () => {
    const before = Date.now();
    const id = newId();

    expect(isId(id)).toBe(true);
    expect(id).toMatch(/^.{14}7.{4}[89ab]/);
    const made = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
    expect(made).toBeGreaterThanOrEqual(before);
    expect(made).toBeLessThanOrEqual(Date.now());
  });

  it('is greater than the one before, also within a millisecond and when the clock goes back', () => {
    const clock = jest.spyOn(Date, 'now');
    const start = Date.now() + 60_000;
    try {
      const ids = [start, start, start - 5_000, start, start + 1].flatMap((now) => {
        clock.mockReturnValue(now);
        return Array.from({ length: 2_000 }, newId);
      });

      expect(ids).toEqual([...new Set(ids)].sort());
      expect(ids.every(isId)).toBe(true);
    } finally {
      clock.mockRestore();
    }
  });

  it('shares no randomness with another one', () => {
    const tails = Array.from({ length: 5_000 }, () => newId().slice(24));

    expect(new Set(tails).size).toBe(5_000);
  });
});
