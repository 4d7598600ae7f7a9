import { causeOf, type Consumed } from '@regulars/contracts';
import { OnEvents, type BatchHandler, type BatchTransaction } from '@regulars/messaging';
import { inbox } from '@regulars/outbox';
import { customerStore, type CustomerRow } from '../customers/customer.store.js';
import { comparePositions, newestByKey } from '../customers/newest.js';
import { WalkLadders } from '../enrolments/walk-ladders.use-case.js';
import { forecastStore } from './forecast.store.js';

/** A forecast hangs ladders on its due day, as soon as we know the same purchases as the forecast. */
@OnEvents('forecast')
export class OnForecasts implements BatchHandler<'forecast'> {
  constructor(private readonly walkLadders: WalkLadders) {}

  async handle(events: readonly Consumed<'forecast'>[], tx: BatchTransaction): Promise<void> {
    const fresh = await inbox(tx).takeFresh(events);
    const customers = await customerStore(tx).lockMany(fresh.map(({ key }) => key));

    const useful = newestByKey(fresh).filter((event) => isUseful(event, customers.get(event.key)));
    tx.note('superseded', fresh.length - useful.length);
    await forecastStore(tx).saveMany(
      useful.map((event) => ({
        customerId: event.key,
        epoch: event.epoch,
        sequence: event.sequence,
        ...(event.type === 'Tombstone' ? {} : { forecast: event.data }),
      })),
    );
    await this.walkLadders.run(tx, new Map(useful.map((event) => [event.key, causeOf(event)])));
  }
}

/** Based on fewer purchases than we know: its successor is on the way. A newer one is kept until we have caught up. */
function isUseful(event: Consumed<'forecast'>, customer: CustomerRow | undefined): boolean {
  if (!customer || customer.erased) return false;
  if (event.type === 'Tombstone') return true;
  const known = { epoch: customer.purchaseEpoch, sequence: customer.purchaseSequence };
  return comparePositions(event.data.basedOn, known) >= 0;
}
