import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { afterLook, emptyBacklog, type Backlog, type Look } from './backlog.js';

const limits = { rows: 1_000, ageMs: 60_000 };
const nothing: Look = { first: undefined, rows: 0, ageMs: 0 };

/** Looks a second apart, one after the other. */
function look(looks: readonly Look[]): Backlog[] {
  let backlog = emptyBacklog(0);
  return looks.map((each, index) => (backlog = afterLook(backlog, each, limits, 1_000 * index)));
}
const overloads = (looks: readonly Look[]) => look(looks).map(({ overload }) => overload);
const rows = (count: number): Look => ({ first: count, rows: count, ageMs: 10 });
/** So many seconds long; the oldest row is another one at each look while the log takes any. */
const aged = (seconds: number, taken: (second: number) => boolean): Look[] => {
  let first = 1;
  return Array.from({ length: seconds }, (_, second) => {
    if (taken(second)) first += 1;
    return { first, rows: 500, ageMs: 1_000 * second };
  });
};

describe('afterLook', () => {
  it('refuses from the limit of rows on, until half of it is left', () => {
    expect(overloads([rows(999), rows(1_000), rows(999), rows(500), rows(499), rows(999)])).toEqual(
      [undefined, ...Array.from({ length: 3 }, () => 'outbox-too-large'), undefined, undefined],
    );
  });

  it('refuses when rows grow old although the log takes some, until they are half as old', () => {
    const growing = aged(61, () => true);
    const falling = [31, 29].map((s, index) => ({
      first: 100 + index,
      rows: 5,
      ageMs: 1_000 * s,
    }));

    expect(overloads([...growing, ...falling]).slice(59)).toEqual([
      undefined,
      'outbox-too-old',
      'outbox-too-old',
      undefined,
    ]);
  });

  it('does not mind age while the log is away, and gives it as long again afterwards', () => {
    const away = aged(300, (second) => second < 30 || second >= 200);
    const found = overloads(away);

    expect(found.slice(0, 255).filter((reason) => reason !== undefined)).toEqual([]);
    // 60 s after it was last seen away, at 199 s.
    expect(found.indexOf('outbox-too-old')).toBe(259);
  });

  it('minds size also while the log is away', () => {
    const looks = [1, 2, 3].map((at) => ({ first: 1, rows: 500 * at, ageMs: 20_000 * at }));

    expect(overloads(looks)).toEqual([undefined, 'outbox-too-large', 'outbox-too-large']);
  });

  it('does not hold against a new process what an earlier one left behind', () => {
    expect(overloads([{ first: 1, rows: 5, ageMs: 86_400_000 }])).toEqual([undefined]);
  });

  it('takes everything again once nothing waits, whatever came before', () => {
    const anyLook = fc.record({
      first: fc.integer({ min: 1, max: 5 }),
      rows: fc.integer({ min: 1, max: 3_000 }),
      ageMs: fc.integer({ min: 0, max: 200_000 }),
    });
    fc.assert(
      fc.property(fc.array(anyLook), (looks) => {
        expect(look([...looks, nothing]).at(-1)?.overload).toBeUndefined();
      }),
    );
  });

  it('never refuses below half of both limits, and always at the limit of rows', () => {
    const anyLook = fc.record({
      first: fc.integer({ min: 1, max: 5 }),
      rows: fc.integer({ min: 1, max: 1_500 }),
      ageMs: fc.integer({ min: 0, max: 90_000 }),
    });
    fc.assert(
      fc.property(fc.array(anyLook), (looks) => {
        for (const { rows, ageMs, overload } of look(looks)) {
          if (rows < 500 && ageMs < 30_000) expect(overload).toBeUndefined();
          if (rows >= 1_000) expect(overload).toBe('outbox-too-large');
        }
      }),
    );
  });
});
