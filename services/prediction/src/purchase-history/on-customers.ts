import { causeOf, type Consumed, type NewEvent, type NewTombstone } from '@regulars/contracts';
import { OnEvents, type BatchHandler, type BatchTransaction } from '@regulars/messaging';
import { inbox, outbox } from '@regulars/outbox';
import { categoryForecastsStore } from '../next-purchase/category-forecasts.store.js';
import { forecastGone } from '../next-purchase/forecast-events.js';
import { forecastStore } from '../next-purchase/forecast.store.js';
import { customersStore } from './customers.store.js';
import { ledgerStore } from './ledger.store.js';

/** Of a customer's life prediction needs one thing: that he is erased. */
@OnEvents('customer')
export class OnCustomers implements BatchHandler<'customer'> {
  async handle(events: readonly Consumed<'customer'>[], tx: BatchTransaction): Promise<void> {
    const fresh = await inbox(tx).takeFresh(events);
    const erasures = fresh.filter((event) => event.type === 'CustomerErased');
    tx.note('not-consumed', fresh.length - erasures.length);
    if (erasures.length === 0) return;

    const ids = [...new Set(erasures.map(({ key }) => key))].sort();
    const now = tx.clock.now();
    await customersStore(tx).lockMany(ids);
    await customersStore(tx).markErased(ids, now);
    const orders = await ledgerStore(tx).deleteOf(ids);
    const forecasts = await forecastStore(tx).deleteOf(ids);
    await categoryForecastsStore(tx).deleteOf(ids);
    await outbox(tx).add(
      erasures.flatMap((event): (NewEvent | NewTombstone)[] => [
        forecastGone(event.key, causeOf(event)),
        {
          stream: 'prediction-receipts',
          type: 'PartErased',
          key: event.key,
          occurredAt: now,
          data: {
            customerId: event.key,
            erasureId: event.data.erasureId,
            rows: {
              ledger_orders: orders.get(event.key) ?? 0,
              forecasts: forecasts.get(event.key) ?? 0,
            },
          },
          causedBy: causeOf(event),
        },
      ]),
    );
  }
}
