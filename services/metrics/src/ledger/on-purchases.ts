import type { StreamEvent } from '@regulars/contracts';
import { OnEvents, type BatchHandler, type BatchTransaction } from '@regulars/messaging';
import { inbox } from '@regulars/outbox';
import { withOrder } from './fold-history.js';
import { toOrder } from './from-events.js';
import { openLedger } from './ledger.use-case.js';

/** Purchases, refunds, corrections and removals: each replaces what was known of its order. */
@OnEvents('purchase')
export class OnPurchases implements BatchHandler<'purchase'> {
  async handle(events: readonly StreamEvent<'purchase'>[], tx: BatchTransaction): Promise<void> {
    const fresh = await inbox(tx).takeFresh(events);
    const ledger = await openLedger(
      tx,
      fresh.map(({ key }) => key),
    );
    for (const event of fresh) {
      ledger.apply(event.key, tx, (history) => withOrder(history, toOrder(event)));
    }
    await ledger.write(tx);
  }
}
