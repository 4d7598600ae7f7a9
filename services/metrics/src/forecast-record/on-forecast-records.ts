import type { StreamEvent } from '@regulars/contracts';
import { OnEvents, type BatchHandler, type BatchTransaction } from '@regulars/messaging';
import { inbox } from '@regulars/outbox';
import { isNewer } from '../ledger/position.js';
import { forecastRecordStore } from './forecast-record.store.js';

type Judged = StreamEvent<'forecast-record'>;

/** Forecasts judged by the purchases that came: the forecast's own record. */
@OnEvents('forecast-record')
export class OnForecastRecords implements BatchHandler<'forecast-record'> {
  async handle(events: readonly Judged[], tx: BatchTransaction): Promise<void> {
    const fresh = await inbox(tx).takeFresh(events);
    const store = forecastRecordStore(tx);
    await store.lockCustomers(fresh.map(({ key }) => key));
    const applied = await store.upsertNewest(newestVerdicts(fresh));
    tx.note('superseded', fresh.length - applied);
  }
}

/** One verdict per purchase: a statement cannot put the same row twice. */
function newestVerdicts(events: readonly Judged[]): Judged[] {
  const newest = new Map<string, Judged>();
  for (const event of events) {
    const purchase = `${event.key} ${event.data.purchaseId}`;
    const known = newest.get(purchase);
    if (known === undefined || isNewer(event, known)) newest.set(purchase, event);
  }
  return [...newest.values()];
}
