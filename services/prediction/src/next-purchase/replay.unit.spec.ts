import { describe, expect, it } from '@jest/globals';
import type { StreamEvent } from '@regulars/contracts';
import { addDays } from '@regulars/kernel';
import fc from 'fast-check';
import { engine } from '../models/engine.js';
import { foldOrders } from '../purchase-history/fold-orders.js';
import { newestOrders, orderOf, type LedgerOrder } from '../purchase-history/ledger-order.js';
import { aPurchase, revised } from '../shop.kit.spec.js';
import { makeForecast } from './make-forecast.js';

type PurchaseEvent = StreamEvent<'purchase'>;

const customer = '019a8f3e-7c1d-7b2a-9c4e-000000000001';
const means = {
  model: engine.builtInPrior,
  open: engine.open(engine.builtInPrior),
  stated: { all: undefined, categories: new Map(), products: new Map(), catalogue: new Map() },
};
const forecast = (orders: readonly LedgerOrder[]) => {
  const state = foldOrders(orders);
  return state && makeForecast(state, means);
};

/** An order's life: recorded, then corrected, partly or fully refunded, removed, in any sequence. */
const life = fc
  .record({
    day: fc.nat(900),
    amount: fc.integer({ min: -500, max: 50_000 }),
    category: fc.constantFrom('coffee', 'tea', undefined),
    changes: fc.array(
      fc.record({
        what: fc.constantFrom('corrected', 'partly', 'fully', 'removed'),
        day: fc.nat(900),
        amount: fc.nat(50_000),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ day, amount, category, changes }): PurchaseEvent[] => {
    const events = [
      aPurchase(customer, {
        purchaseDay: addDays('2024-01-01', day),
        totalMinor: amount,
        lines: [
          { productId: 'p', quantity: 1, amountMinor: amount, ...(category && { category }) },
        ],
      }),
    ];
    for (const change of changes) {
      const before = events.at(-1);
      if (before) events.push(changed(before, change));
    }
    return events;
  });

function changed(
  before: PurchaseEvent,
  { what, day, amount }: { what: string; day: number; amount: number },
): PurchaseEvent {
  switch (what) {
    case 'corrected':
      return revised(before, 'PurchaseCorrected', {
        purchaseDay: addDays('2024-01-01', day),
        totalMinor: amount,
      });
    case 'partly':
      return revised(before, 'PurchaseRefunded', { totalMinor: amount, refundedMinor: 1 });
    case 'fully':
      return revised(before, 'PurchaseRefunded', { totalMinor: 0, fullyRefunded: true });
    default:
      return revised(before, 'PurchaseRemoved');
  }
}

describe('replay equals live', () => {
  it('whatever the order, the duplicates and the corrections in between: the forecast is that of the clean history', () => {
    const lives = fc.array(life, { minLength: 1, maxLength: 12 });
    const arrivals = lives.chain((all) => {
      const events = all.flat();
      const places = fc.array(fc.nat(events.length - 1), { maxLength: 10 });
      return fc
        .tuple(fc.shuffledSubarray(events, { minLength: events.length }), places)
        .map(([shuffled, again]) => ({
          all,
          arrived: [...shuffled, ...again.flatMap((i) => events[i] ?? [])],
        }));
    });

    fc.assert(
      fc.property(arrivals, ({ all, arrived }) => {
        const clean = all
          .flatMap((events) => events.at(-1) ?? [])
          .map(orderOf)
          .filter(({ purchaseDay }) => purchaseDay !== null)
          .sort((a, b) => ((a.purchaseDay ?? '') < (b.purchaseDay ?? '') ? -1 : 1));

        expect(forecast(newestOrders(arrived).orders)).toEqual(forecast(clean));
      }),
      { numRuns: 200 },
    );
  });
});
