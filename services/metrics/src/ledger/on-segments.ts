import type { StreamEvent } from '@regulars/contracts';
import { OnEvents, type BatchHandler, type BatchTransaction } from '@regulars/messaging';
import { inbox } from '@regulars/outbox';
import { withSegment } from './fold-history.js';
import { toSegmentEvent } from './from-events.js';
import { openLedger } from './ledger.use-case.js';

/** A move between segments; purchases after its day are credited anew to the segment in which they found the customer. */
@OnEvents('segment')
export class OnSegments implements BatchHandler<'segment'> {
  async handle(events: readonly StreamEvent<'segment'>[], tx: BatchTransaction): Promise<void> {
    const fresh = await inbox(tx).takeFresh(events);
    const ledger = await openLedger(
      tx,
      fresh.map(({ key }) => key),
    );
    for (const event of fresh) {
      ledger.apply(event.key, tx, (history) => withSegment(history, toSegmentEvent(event)));
    }
    await ledger.write(tx);
  }
}
