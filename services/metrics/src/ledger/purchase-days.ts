import { daysBetween, type Day } from '@regulars/kernel';
import type { CustomerHistory, Order, SegmentSeries } from './customer-history.js';
import { segmentBefore } from './segment-spans.js';

/** A day on which the customer bought, with what the reports count of it. */
export interface PurchaseDay {
  readonly day: Day;
  readonly orders: readonly Order[];
  /** 1 = the first purchase day; all later ones are repeat purchases. */
  readonly ordinal: number;
  /** Days since the purchase day before; 0 on the first. */
  readonly gapDays: number;
  /** Where the customer stood when coming; `unknown` when nobody knew the customer then. */
  readonly segment: SegmentSeries | 'unknown';
}

export function purchaseDays({ orders, segments }: CustomerHistory): PurchaseDay[] {
  const byDay = new Map<Day, Order[]>();
  for (const order of orders.values()) {
    if (order.day !== null) byDay.set(order.day, [...(byDay.get(order.day) ?? []), order]);
  }
  const days = [...byDay].sort(([one], [other]) => (one < other ? -1 : 1));
  return days.map(([day, ofDay], index) => {
    const before = days[index - 1]?.[0];
    return {
      day,
      orders: ofDay,
      ordinal: index + 1,
      gapDays: before === undefined ? 0 : daysBetween(before, day),
      // Whatever was believed, nobody has bought before the first purchase.
      segment: index === 0 ? 'no-purchase' : (segmentBefore(segments, day) ?? 'unknown'),
    };
  });
}
