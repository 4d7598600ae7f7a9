import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldHistory, type PurchaseHistory } from '../history.js';
import type { PurchaseDay } from '../purchase-day.js';
import { statisticsAsOf, statisticsAt } from './fold-statistics.js';
import { KnownHistory } from './known-history.js';
import type { PurchaseHistories } from './purchase-histories.js';

function histories(customers: readonly (readonly PurchaseDay[])[]): PurchaseHistories {
  const offsets = [0];
  for (const days of customers) offsets.push((offsets.at(-1) ?? 0) + days.length);
  const flat = customers.flat();
  return {
    size: customers.length,
    offsets: Uint32Array.from(offsets),
    days: Int32Array.from(flat, ({ day }) => day),
    spend: Float64Array.from(flat, ({ spendMinor }) => spendMinor),
  };
}

const on = (...days: number[]): PurchaseDay[] => days.map((day) => ({ day, spendMinor: 100 }));

const purchases = fc
  .uniqueArray(fc.integer({ min: -300, max: 3000 }), { minLength: 1, maxLength: 30 })
  .map((days) =>
    days.sort((a, b) => a - b).map((day, i) => ({ day, spendMinor: ((i * 37) % 50) - 5 })),
  );

describe('statistics of many customers', () => {
  it('are bit-equal to the fold of each history up to the day', () => {
    fc.assert(
      fc.property(
        fc.array(purchases, { maxLength: 6 }),
        fc.integer({ min: -300, max: 3000 }),
        (customers, asOfDay) => {
          const known = customers
            .map((days) => foldHistory(days.filter(({ day }) => day <= asOfDay)))
            .filter((history) => history !== undefined);
          const { size, ...columns } = statisticsAsOf(histories(customers), asOfDay);

          expect(size).toBe(known.length);
          known.forEach((history, row) => {
            expect({
              n: columns.purchaseDays[row],
              days: [columns.firstDay[row], columns.lastDay[row], columns.asOfDay[row]],
              gaps: [columns.firstGap[row], columns.lastGap[row]],
              sums: [columns.sumLnGap[row], columns.sumLnGapSq[row]],
              weekday: [...columns.weekday.subarray(7 * row, 7 * row + 7)],
              spend: [columns.sumSpend[row], columns.spendDays[row], columns.firstDaySpend[row]],
            }).toEqual({
              n: history.purchaseCount,
              days: [history.firstDay, history.lastDay, asOfDay],
              gaps: [history.firstGap, history.lastGap],
              sums: [history.sumLnGap, history.sumLnGapSq],
              weekday: [...history.weekday],
              spend: [...repeatSpendOf(history), history.firstDaySpend],
            });
          });
        },
      ),
    );
  });

  it('say which customer a row is', () => {
    const { customer, purchaseDays } = statisticsAsOf(histories([on(50), [], on(1, 2), on(9)]), 9);
    expect([...customer]).toEqual([2, 3]);
    expect([...purchaseDays]).toEqual([2, 1]);
  });

  it('can be taken at chosen moments', () => {
    const states = [
      { customer: 0, asOfDay: 10 },
      { customer: 0, asOfDay: 40 },
    ];
    const { purchaseDays, lastDay } = statisticsAt(histories([on(10, 40, 60)]), states);
    expect([...purchaseDays]).toEqual([1, 2]);
    expect([...lastDay]).toEqual([10, 40]);
  });
});

describe('a known history', () => {
  const known = new KnownHistory(histories([on(5, 10, 12, 20, 31), on(6), on(40)]), 30);

  it('tells what came within a horizon, its last day included', () => {
    const outcomes = known.outcomes(known.statisticsAsOf(10), 10);
    expect([...outcomes.count]).toEqual([2, 0]);
    expect([...outcomes.spend]).toEqual([200, 0]);
    expect([...outcomes.daysToNext]).toEqual([2, 0]);
  });

  it('begins with the first purchase of all', () => {
    expect(known.firstDay()).toBe(5);
    expect(new KnownHistory(histories([on(40)]), 30).firstDay()).toBeUndefined();
  });

  it('does not let anybody look past its last day', () => {
    expect(() => known.statisticsAsOf(31)).toThrow(RangeError);
    expect(() => known.asKnownOn(31)).toThrow(RangeError);
    expect(() => known.asKnownOn(15).statisticsAsOf(16)).toThrow(RangeError);
    expect(() => known.statisticsAt([{ customer: 0, asOfDay: 31 }])).toThrow(RangeError);
    expect(() => known.outcomes(known.statisticsAsOf(21), 10)).toThrow(RangeError);
  });
});

/** Of a single history the last day stands apart, because it may still grow; in the columns it has joined. */
function repeatSpendOf(history: PurchaseHistory): [number, number] {
  const open = history.purchaseCount > 1 && history.openDaySpend > 0 ? history.openDaySpend : 0;
  return [history.sumSpend + open, history.nSpend + (open > 0 ? 1 : 0)];
}
