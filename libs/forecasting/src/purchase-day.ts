/** One order of a customer that counts: not removed, not fully refunded. */
export interface Order {
  readonly purchaseId: string;
  /** Local day of the purchase, as days since 1970-01-01. */
  readonly day: number;
  readonly totalMinor: number;
}

/** All orders of one customer on one day: the unit of the model. */
export interface PurchaseDay {
  /** Days since 1970-01-01. */
  readonly day: number;
  /** What was spent on the day, in minor units. */
  readonly spendMinor: number;
}

/** The distinct purchase days in day order, whatever the order of the orders. */
export function purchaseDaysOf(orders: Iterable<Pick<Order, 'day' | 'totalMinor'>>): PurchaseDay[] {
  const spendByDay = new Map<number, number>();
  for (const { day, totalMinor } of orders) {
    spendByDay.set(day, (spendByDay.get(day) ?? 0) + totalMinor);
  }
  return [...spendByDay]
    .map(([day, spendMinor]) => ({ day, spendMinor }))
    .sort((a, b) => a.day - b.day);
}
