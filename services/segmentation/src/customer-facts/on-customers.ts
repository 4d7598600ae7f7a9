import { Inject } from '@nestjs/common';
import { SERVICE_CONFIG, type ServiceConfig } from '@regulars/config';
import { causeOf, type StreamEvent } from '@regulars/contracts';
import { dayOf } from '@regulars/kernel';
import { OnEvents, type BatchHandler, type BatchTransaction } from '@regulars/messaging';
import { inbox, outbox } from '@regulars/outbox';
import { timers } from '@regulars/timers';
import { register } from '../cycle-segment/customer-state.js';
import { boundaryTimer, Decisions } from '../cycle-segment/decisions.use-case.js';
import { segmentStore } from '../cycle-segment/segment.store.js';
import { customerStore } from './customer.store.js';

type CustomerEvent = StreamEvent<'customer'>;
type Erased = Extract<CustomerEvent, { type: 'CustomerErased' }>;

/** A registered customer is `no-purchase`; an erased one is forgotten for good. */
@OnEvents('customer')
export class OnCustomers implements BatchHandler<'customer'> {
  constructor(
    @Inject(SERVICE_CONFIG) private readonly config: Pick<ServiceConfig, 'timeZone'>,
    private readonly decisions: Decisions,
  ) {}

  async handle(events: readonly CustomerEvent[], tx: BatchTransaction): Promise<void> {
    const fresh = await inbox(tx).takeFresh(events);
    const states = await segmentStore(tx).lockMany(fresh.map((event) => event.key));

    const registered = fresh.filter((event) => event.type === 'CustomerRegistered');
    const batch = this.decisions.start(states);
    for (const event of registered) {
      const day = dayOf(event.recordedAt, this.config.timeZone);
      const decided = register(batch.stateOf(event.key), day);
      if (decided.move !== undefined) batch.add(decided, event.recordedAt, causeOf(event));
    }
    await customerStore(tx).registerMany(
      registered.map((event) => ({ customerId: event.key, at: event.recordedAt })),
    );
    await batch.write(tx);
    for (const event of fresh) await applyRare(event, tx);
  }
}

/** Merges and erasures come one at a time; erasing after all else leaves no row of the batch behind. */
async function applyRare(event: CustomerEvent, tx: BatchTransaction): Promise<void> {
  const { key: customerId, epoch, sequence } = event;
  const store = customerStore(tx);
  switch (event.type) {
    case 'CustomerMerged':
      return store.setMerge({ customerId, into: event.data.into, epoch, sequence });
    case 'CustomerUnmerged':
      return store.setMerge({ customerId, into: null, epoch, sequence });
    case 'CustomerErased':
      return erase(event, tx);
    case 'ConsentChanged':
      tx.note('not-consumed', 1);
      return;
    case 'CustomerRegistered':
  }
}

async function erase(event: Erased, tx: BatchTransaction): Promise<void> {
  const { customerId, erasureId } = event.data;
  const rows = await customerStore(tx).erase(customerId, event.occurredAt);
  await timers(tx).cancel(boundaryTimer, [customerId]);
  await outbox(tx).add([
    {
      stream: 'segmentation-receipts',
      type: 'PartErased',
      key: customerId,
      occurredAt: tx.clock.now(),
      causedBy: causeOf(event),
      data: { customerId, erasureId, rows },
    },
  ]);
}
