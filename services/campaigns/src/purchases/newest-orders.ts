import type { PurchaseState, StreamEvent } from '@regulars/contracts';

export interface PurchaseRow {
  readonly purchase: PurchaseState;
  /** The customer whose key the event has: a merge removes a purchase under the old one. */
  readonly customerId: string;
  readonly epoch: number;
  /** False for a removed or fully refunded order: it is no evidence of a purchase. */
  readonly counts: boolean;
}

/** The newest state of each order among the events of a batch. */
export function newestOrders(events: readonly StreamEvent<'purchase'>[]): PurchaseRow[] {
  const newest = new Map<string, PurchaseRow>();
  for (const event of events) {
    const { source, orderId } = event.data;
    const order = JSON.stringify([event.key, source, orderId]);
    const row = {
      purchase: event.data,
      customerId: event.key,
      epoch: event.epoch,
      counts: event.type !== 'PurchaseRemoved' && !event.data.fullyRefunded,
    };
    const known = newest.get(order);
    if (!known || isNewer(row, known)) newest.set(order, row);
  }
  return [...newest.values()];
}

function isNewer(a: PurchaseRow, b: PurchaseRow): boolean {
  return (
    a.epoch - b.epoch > 0 || (a.epoch === b.epoch && a.purchase.revision > b.purchase.revision)
  );
}
