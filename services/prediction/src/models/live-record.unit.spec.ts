import { describe, expect, it } from '@jest/globals';
import type { ForecastJudged } from '@regulars/contracts';
import { addRecords, recordOf } from './live-record.js';

const judged = (verdict: Partial<ForecastJudged>): ForecastJudged => ({
  customerId: 'c',
  purchaseId: 'p',
  purchaseDay: '2026-04-02',
  forecast: { predictability: { state: 'ok' }, modelVersion: 'm1', basis: 'own data' },
  ...verdict,
});

describe('recordOf', () => {
  it.each([
    [14, 15, 1, 0],
    [-14, -15, 1, 0],
    [-15, 0, 0, 1],
  ])(
    'an error of %i days against %i of the baseline',
    (errorDays, baselineErrorDays, own, plain) => {
      expect(recordOf(judged({ errorDays, baselineErrorDays, insideWindow: true }))).toEqual({
        judged: 1,
        withDate: 1,
        within14Days: own,
        baselineWithin14Days: plain,
        withWindow: 1,
        insideWindow: 1,
      });
    },
  );

  it('compares only where both gave a date, and counts a withheld window as none', () => {
    expect(recordOf(judged({ errorDays: 1 }))).toMatchObject({ withDate: 0, within14Days: 0 });
    expect(recordOf(judged({ baselineErrorDays: 1 }))).toMatchObject({
      withDate: 0,
      baselineWithin14Days: 0,
      withWindow: 0,
      insideWindow: 0,
    });
  });

  it('adds up', () => {
    const hit = recordOf(judged({ errorDays: 1, baselineErrorDays: 20, insideWindow: false }));

    expect(addRecords(hit, hit)).toEqual({
      judged: 2,
      withDate: 2,
      within14Days: 2,
      baselineWithin14Days: 0,
      withWindow: 2,
      insideWindow: 0,
    });
  });
});
