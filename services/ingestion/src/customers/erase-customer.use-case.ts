import type { Cause } from '@regulars/contracts';
import { newId } from '@regulars/kernel';
import { outbox } from '@regulars/outbox';
import type { Transaction } from '@regulars/persistence';
import { consentStore } from '../consents/consent.store.js';
import { envelope } from './customer-events.js';
import { customerStore } from './customer.store.js';
import { identityStore } from './identity.store.js';

/**
 * Forgets the person: identities, profile and consents go, the profile topic gets a tombstone, and the other services
 * are told. The purchases stay with an id that leads to nobody. Undefined when there is no such customer.
 */
export async function eraseCustomer(
  customerId: string,
  cause: Cause | undefined,
  tx: Transaction,
): Promise<string | undefined> {
  const locked = await customerStore(tx).lockMany([customerId]);
  if (!locked.has(customerId)) return undefined;
  const now = tx.clock.now();
  await identityStore(tx).remove(customerId);
  await identityStore(tx).forgetConflicts(customerId);
  await consentStore(tx).remove(customerId);
  await customerStore(tx).blank(customerId, now);

  const erasureId = newId();
  await outbox(tx).add([
    {
      stream: 'customer',
      type: 'CustomerErased',
      ...envelope(customerId, { occurredAt: now, cause }),
      data: { customerId, erasureId },
    },
    {
      stream: 'customer-profile',
      type: 'Tombstone',
      key: customerId,
      ...(cause === undefined ? {} : { causedBy: cause }),
    },
  ]);
  return erasureId;
}
