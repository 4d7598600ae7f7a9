import type { StreamEvent } from '@regulars/contracts';
import { OnEvents, type BatchHandler, type BatchTransaction } from '@regulars/messaging';
import { inbox } from '@regulars/outbox';
import { segmentStore } from '../cycle-segment/segment.store.js';
import { orderStore, type OrderState } from './order.store.js';

type PurchaseEvent = StreamEvent<'purchase'>;

/** Purchases are facts about a customer; they decide nothing here, forecasts do. */
@OnEvents('purchase')
export class OnPurchases implements BatchHandler<'purchase'> {
  async handle(events: readonly PurchaseEvent[], tx: BatchTransaction): Promise<void> {
    const fresh = await inbox(tx).takeFresh(events);
    const states = await segmentStore(tx).lockMany(fresh.map((event) => event.key));
    const wanted = fresh.filter((event) => states.get(event.key)?.erased === false);

    const applied = await orderStore(tx).upsertNewest(newestOrders(wanted));
    tx.note('superseded', fresh.length - applied);
  }
}

/** One state per order: the one with the highest (epoch, revision). */
export function newestOrders(events: readonly PurchaseEvent[]): OrderState[] {
  const newest = new Map<string, OrderState>();
  for (const event of events) {
    const { source, orderId, revision, fullyRefunded, purchaseDay, ...rest } = event.data;
    const key = `${event.key} ${source} ${orderId}`;
    const known = newest.get(key);
    if (known !== undefined && !isNewer(event.epoch, revision, known)) continue;
    const gone = event.type === 'PurchaseRemoved' || fullyRefunded;
    newest.set(key, {
      customerId: event.key,
      source,
      orderId,
      epoch: event.epoch,
      revision,
      purchaseDay: gone ? null : purchaseDay,
      currency: rest.currency,
      totalMinor: rest.totalMinor,
    });
  }
  return [...newest.values()];
}

function isNewer(epoch: number, revision: number, known: OrderState): boolean {
  return epoch > known.epoch || (epoch === known.epoch && revision > known.revision);
}
