import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { purchaseDaysOf } from '../purchase-day.js';
import { dayRange } from './histories.js';
import { PurchaseTable } from './purchase-table.js';

const purchases = fc.array(
  fc.record({
    customer: fc.constantFrom('a', 'b', 'c', 'd'),
    day: fc.integer({ min: -400, max: 40_000 }),
    totalMinor: fc.integer({ min: 0, max: 100_000 }),
  }),
  { maxLength: 80 },
);

describe('PurchaseTable', () => {
  it('holds the same days and totals as each customer gathered by itself, whatever the order of rows', () => {
    fc.assert(
      fc.property(purchases, (rows) => {
        const table = new PurchaseTable();
        for (const { customer, day, totalMinor } of rows) table.add(customer, day, totalMinor);

        const { ids, size, offsets, days, spend } = table.histories();

        expect(size).toBe(new Set(rows.map(({ customer }) => customer)).size);
        expect(offsets).toHaveLength(size + 1);
        ids.forEach((id, i) => {
          const own = purchaseDaysOf(rows.filter(({ customer }) => customer === id));
          expect([...days.slice(offsets[i], offsets[i + 1])]).toEqual(own.map(({ day }) => day));
          expect([...spend.slice(offsets[i], offsets[i + 1])]).toEqual(
            own.map(({ spendMinor }) => spendMinor),
          );
        });
      }),
    );
  });

  it('knows its first and last day, and none when it is empty', () => {
    const table = new PurchaseTable();
    expect(dayRange(table.histories())).toBeUndefined();

    for (const day of [40, -3, 7]) table.add('a', day, 1);

    expect(dayRange(table.histories())).toEqual({ firstDay: -3, lastDay: 40 });
  });
});
