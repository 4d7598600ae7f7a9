import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { customerLedger } from './customer-ledger.js';
import type { LedgerItem, LedgerOrder } from './ledger-order.js';

const anItem = (over: Partial<LedgerItem> = {}): LedgerItem => ({
  product: 'p',
  category: 'coffee',
  quantity: 1,
  amountMinor: 1_000,
  ...over,
});

const anOrder = (over: Partial<LedgerOrder>): LedgerOrder => ({
  customerId: 'c',
  source: 'shop',
  orderId: 'o',
  epoch: 1,
  revision: 1,
  purchaseId: 'a',
  purchaseDay: '2026-01-01',
  totalMinor: 1_000,
  currency: 'EUR',
  items: [anItem()],
  imported: false,
  ...over,
});

describe('a customer ledger', () => {
  it('is nothing when every order was taken back', () => {
    expect(customerLedger([anOrder({ purchaseDay: null })])).toBeUndefined();
    expect(customerLedger([])).toBeUndefined();
  });

  it('counts spend in the currency of most purchase days alone', () => {
    const ledger = customerLedger([
      anOrder({ purchaseDay: '2026-01-01', currency: 'USD', totalMinor: 9_000 }),
      anOrder({ purchaseDay: '2026-02-01' }),
      anOrder({ purchaseDay: '2026-03-01' }),
    ]);

    expect(ledger).toMatchObject({ currency: 'EUR' });
    expect(ledger?.days.map(({ spendMinor }) => spendMinor)).toEqual([0, 1_000, 1_000]);
    expect(ledger?.history.purchaseCount).toBe(3);
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

  it('keeps the two hundred most recent categories: an event carries no more', () => {
    const orders = Array.from({ length: 250 }, (_, i) =>
      anOrder({
        purchaseDay: i < 50 ? '2025-01-01' : '2026-01-01',
        items: [anItem({ category: `c${String(i)}` })],
      }),
    );

    const categories = customerLedger(orders)?.categories ?? [];

    expect(categories).toHaveLength(200);
    expect(categories.every(({ days }) => days.length === 1)).toBe(true);
    expect(categories.some(({ category }) => category === 'c0')).toBe(false);
  });

  it('is the same for every order of arrival', () => {
    const order = fc.record({
      purchaseId: fc.stringMatching(/^[a-f]{4}$/),
      purchaseDay: fc.constantFrom(null, '2026-01-01', '2026-01-02', '2026-03-01', '2026-06-01'),
      currency: fc.constantFrom('EUR', 'USD'),
      totalMinor: fc.integer({ min: 0, max: 10_000 }),
      imported: fc.boolean(),
      category: fc.constantFrom('coffee', 'tea', 'milk'),
    });
    const orders = fc.array(order, { maxLength: 12 });
    fc.assert(
      fc.property(
        orders.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        ([list, shuffled]) => {
          const made = (all: typeof list) =>
            customerLedger(
              all.map(({ category, ...rest }) =>
                anOrder({ ...rest, items: [anItem({ category })] }),
              ),
            );
          const [one, other] = [made(list), made(shuffled)];

          expect(withoutItems(other)).toEqual(withoutItems(one));
          expect(sorted(other?.lastItems)).toEqual(sorted(one?.lastItems));
        },
      ),
    );
  });
});

/** Items of a day are a bag: what is read from them (the shortest cycle, sums) knows no order. */
function withoutItems(ledger: ReturnType<typeof customerLedger>) {
  if (!ledger) return undefined;
  const { lastItems: _, categories, ...rest } = ledger;
  return { ...rest, categories: categories.map(({ lastItems: __, ...category }) => category) };
}

function sorted(items: readonly LedgerItem[] | undefined): string[] | undefined {
  return items?.map((item) => JSON.stringify(item)).sort();
}
