import { describe, expect, it } from '@jest/globals';
import { addDays, daysBetween } from '@regulars/kernel';
import fc from 'fast-check';
import { unknownCustomer, type CustomerHistory, type Order } from '../ledger/customer-history.js';
import { addPurchases } from './purchase-totals.js';
import { Tally } from './tally.js';

const anOrder = fc.record({
  offset: fc.option(fc.integer({ min: 0, max: 50 })),
  totalMinor: fc.integer({ min: 0, max: 9_999 }),
  currency: fc.constantFrom('EUR', 'USD'),
});

/** Orders on some of the days around a New Year; without an offset the order counts nowhere. */
function aCustomer(orders: { offset: number | null; totalMinor: number; currency: string }[]) {
  const all = orders.map(({ offset, ...money }, index): Order => {
    const day = offset === null ? null : addDays('2026-12-10', offset);
    const purchasedAt = new Date('2026-12-10T10:00:00Z');
    return { key: String(index), epoch: 1, revision: 1, day, purchasedAt, ...money };
  });
  return { ...unknownCustomer('c'), orders: new Map(all.map((order) => [order.key, order])) };
}

function totalsOf(histories: readonly CustomerHistory[]) {
  const totals = { purchases: new Tally(), revenue: new Tally() };
  for (const history of histories) addPurchases(totals, history);
  const read = (tally: Tally, ...key: string[]) =>
    tally.entries().find((row) => row.key.join() === key.join())?.counters;
  return {
    purchases: (...key: string[]) => read(totals.purchases, ...key) ?? [0, 0, 0, 0, 0, 0, 0],
    revenue: (...key: string[]) => read(totals.revenue, ...key) ?? [0, 0, 0, 0],
  };
}

describe('purchase totals', () => {
  it('agree with counting the orders of the month by hand', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(anOrder, { maxLength: 8 }), { minLength: 1, maxLength: 4 }),
        (customers) => {
          const histories = customers.map(aCustomer);
          const totals = totalsOf(histories);
          const inMonth = (day: string | null) => day?.startsWith('2027-01') ?? false;
          let buyers = 0;
          let days = 0;
          let repeats = 0;
          let gaps = 0;
          const euros = [0, 0, 0, 0];
          for (const { orders } of histories) {
            const bought = [...orders.values()].filter(({ day }) => day !== null);
            const all = [...new Set(bought.map(({ day }) => day ?? ''))].sort();
            const here = all.filter(inMonth);
            buyers += here.length > 0 ? 1 : 0;
            days += here.length;
            const repeated = here.filter((day) => day !== all[0]);
            repeats += repeated.length;
            for (const day of repeated) gaps += daysBetween(all[all.indexOf(day) - 1] ?? '', day);
            for (const { day, currency, totalMinor } of bought) {
              if (!inMonth(day) || currency !== 'EUR') continue;
              const repeat = day === all[0] ? 0 : 1;
              [1, repeat, totalMinor, repeat * totalMinor].forEach(
                (value, index) => (euros[index] = (euros[index] ?? 0) + value),
              );
            }
          }
          const counted = totals.purchases('month', '2027-01-01', 'all');
          expect([counted[0], counted[2], counted[3], counted[6]]).toEqual([
            buyers,
            days,
            repeats,
            gaps,
          ]);
          expect(totals.revenue('month', '2027-01-01', 'all', 'EUR')).toEqual(euros);
        },
      ),
    );
  });
});
