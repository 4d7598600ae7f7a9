import { describe, expect, it } from '@jest/globals';
import { customerLedger } from './customer-ledger.js';
import { anItem, anOrder } from './ledger.kit.spec.js';

describe('a customer ledger', () => {
  it('is nothing when every order was taken back', () => {
    expect(customerLedger([anOrder({ purchaseDay: null })])).toBeUndefined();
    expect(customerLedger([])).toBeUndefined();
  });

  it('counts spend in the currency of most purchase days alone', () => {
    const ledger = customerLedger([
      anOrder({ purchaseDay: '2026-02-01' }),
      anOrder({ purchaseDay: '2026-01-01', currency: 'USD', totalMinor: 9_000 }),
      anOrder({ purchaseDay: '2026-03-01' }),
    ]);

    expect(ledger).toMatchObject({ currency: 'EUR' });
    expect(ledger?.days.map(({ spendMinor }) => spendMinor)).toEqual([0, 1_000, 1_000]);
    expect(ledger?.categories[0]?.days.map(({ spendMinor }) => spendMinor)).toEqual([
      0, 1_000, 1_000,
    ]);
  });

  it('takes the currency of most days, not of most orders; of equals the first by code', () => {
    const usd = anOrder({ purchaseDay: '2026-01-01', currency: 'USD' });

    expect(customerLedger([usd, usd, usd, anOrder({ purchaseDay: '2026-02-01' })])?.currency).toBe(
      'EUR',
    );
  });

  it('takes a purchase day once per category, however many lines it has', () => {
    const ledger = customerLedger([
      anOrder({ items: [anItem(), anItem({ product: 'q' }), anItem({ category: null })] }),
      anOrder({ items: [anItem({ category: 'tea', amountMinor: 50 })] }),
    ]);

    expect(ledger?.categories.map(({ category, days }) => [category, days.length])).toEqual([
      ['coffee', 1],
      ['tea', 1],
    ]);
    expect(ledger?.categories[0]?.days[0]?.spendMinor).toBe(2_000);
  });

  it('keeps the two hundred most recent categories', () => {
    const orders = Array.from({ length: 250 }, (_, i) =>
      anOrder({
        purchaseDay: i < 50 ? '2025-01-01' : '2026-01-01',
        items: [anItem({ category: `c${String(i)}` })],
      }),
    );

    const categories = customerLedger(orders)?.categories ?? [];

    expect(categories).toHaveLength(200);
    expect(categories.some(({ category }) => category === 'c0')).toBe(false);
  });
});
