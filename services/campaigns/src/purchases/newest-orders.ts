import type { DeepReadonly, PurchaseState, StreamEvent } from '@regulars/contracts';
import { newestOf } from '../customers/newest.js';

export interface PurchaseRow {
  readonly purchase: DeepReadonly<PurchaseState>;
  /** The customer whose key the event has: a merge removes a purchase under the old one. */
  readonly customerId: string;
  readonly epoch: number;
  /** False for a removed or fully refunded order: it is no evidence of a purchase. */
  readonly counts: boolean;
}

/** The newest state of each order among the events of a batch. */
export function newestOrders(events: readonly StreamEvent<'purchase'>[]): PurchaseRow[] {
  return newestOf(
    events.map(toRow),
    ({ customerId, purchase }) => JSON.stringify([customerId, purchase.source, purchase.orderId]),
    ({ epoch, purchase }) => ({ epoch, sequence: purchase.revision }),
  );
}

function toRow(event: StreamEvent<'purchase'>): PurchaseRow {
  return {
    purchase: event.data,
    customerId: event.key,
    epoch: event.epoch,
    counts: event.type !== 'PurchaseRemoved' && !event.data.fullyRefunded,
  };
}
