import { describe, expect, it } from '@jest/globals';
import type { LedgerOrder } from '../purchase-history/ledger-order.js';
import { judgeForecast, type PublishedForecast } from './judge-forecast.js';

const bought = (...days: string[]): LedgerOrder[] =>
  days.map((purchaseDay, i) => ({
    customerId: 'c',
    source: 'shop',
    orderId: String(i),
    epoch: 1,
    revision: 1,
    purchaseId: `p${String(i)}`,
    purchaseDay,
    totalMinor: 100,
    currency: 'EUR',
    items: [],
    imported: false,
  }));

const published: PublishedForecast = {
  publishedDay: '2026-03-01',
  forecast: {
    cycle: 'p1',
    imported: false,
    purchaseCount: 2,
    firstPurchaseDay: '2026-02-01',
    lastPurchaseDay: '2026-03-01',
    dueDay: '2026-03-30',
    window: { from: '2026-03-25', to: '2026-04-06', probability: 0.8 },
    lostDay: '2026-06-01',
    basis: 'own data',
    predictability: { state: 'ok' },
    modelVersion: 'm1',
    categories: [],
  },
};

describe('judgeForecast', () => {
  it('measures the first purchase day after the forecast against it and against the plain baseline', () => {
    const judged = judgeForecast(
      'c',
      published,
      bought('2026-02-28', '2026-03-01', '2026-04-08', '2026-04-02'),
    );

    expect(judged).toMatchObject({
      purchaseId: 'p3',
      purchaseDay: '2026-04-02',
      insideWindow: true,
      errorDays: 3,
      // 1 March + 28 days = 29 March.
      baselineErrorDays: 4,
      forecast: { dueDay: '2026-03-30', modelVersion: 'm1' },
    });
  });

  it('waits for a purchase day after the last one known', () => {
    expect(judgeForecast('c', published, [])).toBeUndefined();
    expect(judgeForecast('c', published, bought('2026-03-01', '2026-02-20'))).toBeUndefined();
  });

  it('takes no credit for what had happened before it was published', () => {
    const late = { ...published, publishedDay: '2026-05-01' };

    expect(judgeForecast('c', late, bought('2026-04-02'))).toBeUndefined();
  });

  it('gives no verdict on a window or a date that was withheld', () => {
    const { dueDay: _, window: __, ...rest } = published.forecast;
    const withheld: PublishedForecast = {
      ...published,
      forecast: {
        ...rest,
        purchaseCount: 1,
        firstPurchaseDay: rest.lastPurchaseDay,
        remindDay: '2026-04-15',
        predictability: { state: 'unpredictable', reason: 'wide-window' },
      },
    };

    const judged = judgeForecast('c', withheld, bought('2026-04-02'));

    expect(judged).not.toHaveProperty('insideWindow');
    expect(judged).not.toHaveProperty('errorDays');
    expect(judged).not.toHaveProperty('baselineErrorDays');
    expect(judged?.forecast.remindDay).toBe('2026-04-15');
  });
});
