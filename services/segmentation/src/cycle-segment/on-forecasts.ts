import { Inject } from '@nestjs/common';
import { SERVICE_CONFIG, type ServiceConfig } from '@regulars/config';
import { causeOf, type Consumed } from '@regulars/contracts';
import { OnEvents, type BatchHandler, type BatchTransaction } from '@regulars/messaging';
import { inbox } from '@regulars/outbox';
import { foldForecast } from './customer-state.js';
import { Decisions } from './decisions.use-case.js';
import { segmentStore } from './segment.store.js';

/** A forecast decides the customer's segment, and the day on which time alone will move it. */
@OnEvents('forecast')
export class OnForecasts implements BatchHandler<'forecast'> {
  constructor(
    @Inject(SERVICE_CONFIG) private readonly config: Pick<ServiceConfig, 'timeZone'>,
    private readonly decisions: Decisions,
  ) {}

  async handle(events: readonly Consumed<'forecast'>[], tx: BatchTransaction): Promise<void> {
    const fresh = await inbox(tx).takeFresh(events);
    const states = await segmentStore(tx).lockMany(fresh.map((event) => event.key));
    const now = tx.clock.now();

    const batch = this.decisions.start(states);
    for (const event of fresh) {
      const folded = foldForecast(batch.stateOf(event.key), event, this.config.timeZone, now);
      if (folded.outcome === 'superseded') tx.note('superseded', 1);
      else {
        const decidedAt = event.type === 'Tombstone' ? now : event.recordedAt;
        batch.add(folded, decidedAt, causeOf(event));
      }
    }
    await batch.write(tx);
  }
}
