import { describe, expect, it } from '@jest/globals';
import { dataHaveGrown, notBefore } from './refit-rule.js';

describe('dataHaveGrown', () => {
  const fitted = { customers: 100, purchaseDays: 300, fittedAsOf: '2026-01-01', failures: 0 };
  const grown = (customers: number, purchaseDays: number, today = '2026-01-05') =>
    dataHaveGrown({ customers, purchaseDays }, fitted, today);

  it('wants a fit for the first customers, and none for nobody', () => {
    expect(dataHaveGrown({ customers: 1, purchaseDays: 1 }, undefined, '2026-01-05')).toBe(true);
    expect(dataHaveGrown({ customers: 0, purchaseDays: 0 }, undefined, '2026-01-05')).toBe(false);
  });

  it('waits for half as many customers or purchases again', () => {
    expect(grown(149, 449)).toBe(false);
    expect(grown(150, 449)).toBe(true);
    expect(grown(149, 450)).toBe(true);
  });

  it('takes anything new after a quarter', () => {
    expect(grown(149, 449, '2026-03-31')).toBe(false);
    expect(grown(100, 301, '2026-03-31')).toBe(false);
    expect(grown(100, 301, '2026-04-01')).toBe(true);
  });

  it('rests when there is nothing new', () => {
    expect(grown(100, 300, '2027-01-31')).toBe(false);
  });

  it('waits for a quarter more after a fit that failed its gate', () => {
    const failed = { ...fitted, failures: 3 };
    const isDue = (purchaseDays: number) =>
      dataHaveGrown({ customers: 100, purchaseDays }, failed, '2026-01-02');

    expect(isDue(374)).toBe(false);
    expect(isDue(375)).toBe(true);
  });

  it.each([
    [0, '2026-04-01'],
    [1, '2026-01-02'],
    [2, '2026-01-03'],
    [3, '2026-01-05'],
    [4, '2026-01-08'],
    [40, '2026-01-08'],
  ])('after %i failures in a row takes anything new from %s on', (failures, day) => {
    const failed = { ...fitted, failures };
    expect(notBefore(failed)).toBe(day);
    const more = { customers: 100, purchaseDays: 301 };
    expect(dataHaveGrown(more, failed, day)).toBe(true);
    expect(dataHaveGrown(more, failed, '2026-01-01')).toBe(false);
  });
});
