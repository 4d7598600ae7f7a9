import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeCursor, encodeCursor, type CursorValue } from './cursor.js';
import { page } from './page.js';

const anything = (values: readonly CursorValue[]): values is readonly CursorValue[] =>
  values.length >= 0;
const onePair = (values: readonly CursorValue[]): values is readonly [string, number] =>
  values.length === 2 && typeof values[0] === 'string' && typeof values[1] === 'number';

describe('a cursor', () => {
  it('gives back the values it was made of', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('\0')),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 5 }), (values) => {
        expect(decodeCursor(encodeCursor(values), anything)).toEqual(values);
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['no base64url', '!!'],
    ['no JSON', Buffer.from('[1').toString('base64url')],
    ['no list', Buffer.from('{}').toString('base64url')],
    ['a nested list', Buffer.from('[[1]]').toString('base64url')],
    ['too few values', encodeCursor(['a'])],
    ['another type', encodeCursor([1, 1])],
    ['a NUL', Buffer.from('["a\\u0000",1]').toString('base64url')],
    ['half of a surrogate pair', Buffer.from('["\\ud800",1]').toString('base64url')],
    ['too much', 'A'.repeat(1_001)],
  ])('is refused when it holds %s', (_what, text) => {
    expect(() => decodeCursor(text, onePair)).toThrow(/^Use "page.next"/);
  });
});

describe('page', () => {
  const rows = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];

  it('ends at the limit and points behind its last row', () => {
    const { data, page: info } = page(rows, 2, (row) => [row.id]);

    expect(data).toEqual([{ id: 'a' }, { id: 'b' }]);
    expect(info).toEqual({ next: encodeCursor(['b']), hasMore: true });
  });

  it('has no next when the rows end with it', () => {
    expect(page(rows, 3, (row) => [row.id]).page).toEqual({ next: null, hasMore: false });
    expect(page([], 3, () => []).page).toEqual({ next: null, hasMore: false });
  });
});
