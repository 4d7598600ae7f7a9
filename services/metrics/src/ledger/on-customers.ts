import { Inject } from '@nestjs/common';
import { SERVICE_CONFIG, type ServiceConfig } from '@regulars/config';
import { causeOf, type NewEvent, type StreamEvent } from '@regulars/contracts';
import { dayOf } from '@regulars/kernel';
import { OnEvents, type BatchHandler, type BatchTransaction } from '@regulars/messaging';
import { inbox, outbox } from '@regulars/outbox';
import { withErasure, withMerge } from './fold-history.js';
import { openLedger, type Ledger } from './ledger.use-case.js';

type CustomerEvent = StreamEvent<'customer'>;
type Erased = Extract<CustomerEvent, { type: 'CustomerErased' }>;

/**
 * Erased and merged customers leave the segments. Their purchases stay for the sums: all that is kept of a customer
 * here is a random id that points nowhere once the other services have erased theirs.
 */
@OnEvents('customer')
export class OnCustomers implements BatchHandler<'customer'> {
  constructor(@Inject(SERVICE_CONFIG) private readonly config: Pick<ServiceConfig, 'timeZone'>) {}

  async handle(events: readonly CustomerEvent[], tx: BatchTransaction): Promise<void> {
    const fresh = await inbox(tx).takeFresh(events);
    const ledger = await openLedger(
      tx,
      fresh.map(({ key }) => key),
    );
    for (const event of fresh) this.apply(event, ledger, tx);
    await ledger.write(tx);

    const erased = fresh.filter((event) => event.type === 'CustomerErased');
    await outbox(tx).add(erased.map((event) => toReceipt(event, tx.clock.now())));
  }

  private apply(event: CustomerEvent, ledger: Ledger, tx: BatchTransaction): void {
    const day = dayOf(event.occurredAt, this.config.timeZone);
    switch (event.type) {
      case 'CustomerErased':
        ledger.apply(event.key, tx, (history) => withErasure(history, day));
        return;
      case 'CustomerMerged':
        ledger.apply(event.key, tx, (history) => withMerge(history, day, event));
        return;
      case 'CustomerUnmerged':
        ledger.apply(event.key, tx, (history) => withMerge(history, null, event));
        return;
      case 'CustomerRegistered':
      case 'ConsentChanged':
        tx.note('not-consumed', 1);
    }
  }
}

function toReceipt(event: Erased, now: Date): NewEvent<'metrics-receipts'> {
  const { customerId, erasureId } = event.data;
  return {
    stream: 'metrics-receipts',
    type: 'PartErased',
    key: customerId,
    occurredAt: now,
    causedBy: causeOf(event),
    data: { customerId, erasureId, rows: {} },
  };
}
