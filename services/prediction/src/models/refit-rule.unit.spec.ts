import { describe, expect, it } from '@jest/globals';
import { dataHaveGrown } from './refit-rule.js';

describe('dataHaveGrown', () => {
  const fitted = { customers: 100, purchaseDays: 300, fittedAsOf: '2026-01-01' };
  const grown = (customers: number, purchaseDays: number, today = '2026-01-05') =>
    dataHaveGrown({ customers, purchaseDays }, fitted, today);

  it('wants a fit for the first customers, and none for nobody', () => {
    expect(dataHaveGrown({ customers: 1, purchaseDays: 1 }, undefined, '2026-01-05')).toBe(true);
    expect(dataHaveGrown({ customers: 0, purchaseDays: 0 }, undefined, '2026-01-05')).toBe(false);
  });

  it('waits for a fifth more customers or purchases', () => {
    expect(grown(119, 359)).toBe(false);
    expect(grown(120, 359)).toBe(true);
    expect(grown(119, 360)).toBe(true);
  });

  it('takes anything new after a month, and rests when there is nothing', () => {
    expect(grown(100, 301, '2026-01-31')).toBe(true);
    expect(grown(100, 300, '2027-01-31')).toBe(false);
  });
});
