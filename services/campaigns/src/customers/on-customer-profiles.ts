import type { Consumed } from '@regulars/contracts';
import { OnEvents, type BatchHandler, type BatchTransaction } from '@regulars/messaging';
import { inbox } from '@regulars/outbox';
import { customerStore } from './customer.store.js';
import { newestByKey } from './newest.js';
import { profileStore } from './profile.store.js';

/** Names and addresses arrive; those of an erased customer are ignored for ever. */
@OnEvents('customer-profile')
export class OnCustomerProfiles implements BatchHandler<'customer-profile'> {
  async handle(
    events: readonly Consumed<'customer-profile'>[],
    tx: BatchTransaction,
  ): Promise<void> {
    const fresh = await inbox(tx).takeFresh(events);
    const customers = await customerStore(tx).lockMany(fresh.map(({ key }) => key));

    const newest = newestByKey(fresh);
    tx.note('superseded', fresh.length - newest.length);
    const kept = newest.filter(
      ({ key, type }) => type === 'Tombstone' || customers.get(key)?.erased !== true,
    );
    tx.note('superseded', newest.length - kept.length);
    await profileStore(tx).saveMany(
      kept.map((event) => ({
        customerId: event.key,
        epoch: event.epoch,
        sequence: event.sequence,
        ...(event.type === 'Tombstone' ? {} : { profile: event.data }),
      })),
    );
  }
}
