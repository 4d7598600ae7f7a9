import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatAmount } from '@regulars/kernel';
import { readAmount, readDay, readTime } from './read-cell.js';

describe('readTime', () => {
  it.each([
    ['2026-03-14', { purchaseDay: '2026-03-14' }],
    ['20260314', { purchaseDay: '2026-03-14' }],
    ['2026/03/14', { purchaseDay: '2026-03-14' }],
    ['2026-03-14 23:59', { purchaseDay: '2026-03-14' }],
    ['2026-03-14T23:59:59', { purchaseDay: '2026-03-14' }],
    ['2026-03-14T23:59:59Z', { purchasedAt: '2026-03-14T23:59:59Z' }],
    ['2026-03-14 23:59:59.5 +0100', { purchasedAt: '2026-03-14T23:59:59.5+01:00' }],
    ['2026-02-30', undefined],
    ['2026-02-30T10:00:00Z', undefined],
    ['14.03.2026', undefined],
    ['2026-03-14 nonsense', undefined],
    ['', undefined],
  ])('reads %j', (cell, expected) => {
    expect(readTime(cell, 'ymd')).toEqual(expected);
  });

  it('reads other orders only when told', () => {
    expect(readDay('3.4.2026', 'dmy')).toBe('2026-04-03');
    expect(readDay('3/4/2026', 'mdy')).toBe('2026-03-04');
    expect(readDay('31/12/2026', 'mdy')).toBeUndefined();
  });
});

describe('readAmount', () => {
  it.each([
    ['11.77', 'EUR', 'point', 1177],
    ['1,234.50', 'EUR', 'point', 123450],
    ['1 234.5', 'EUR', 'point', 123450],
    ['1.234,50', 'EUR', 'comma', 123450],
    ['0', 'EUR', 'point', 0],
    ['-3.20', 'EUR', 'point', -320],
    ['500', 'JPY', 'point', 500],
    ['1.250', 'KWD', 'point', 1250],
    ['12,5', 'EUR', 'point', undefined],
    ['1,2345.00', 'EUR', 'point', undefined],
    ['1.005', 'EUR', 'point', undefined],
    ['1.2.3', 'EUR', 'point', undefined],
    ['€5', 'EUR', 'point', undefined],
    ['1e3', 'EUR', 'point', undefined],
    ['', 'EUR', 'point', undefined],
    ['.', 'EUR', 'point', undefined],
  ] as const)('reads %j of %s by %s', (cell, currency, mark, expected) => {
    expect(readAmount(cell, currency, mark)).toBe(expected);
  });

  it('loses no coin', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), (amountMinor) => {
        const text = formatAmount({ amountMinor, currency: 'EUR' });
        expect(readAmount(text, 'EUR', 'point')).toBe(amountMinor);
        expect(readAmount(text.replace('.', ','), 'EUR', 'comma')).toBe(amountMinor);
      }),
    );
  });
});
