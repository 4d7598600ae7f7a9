import type { Cause, EventType, NewEvent } from '@regulars/contracts';
import { err, ok, type Result } from '@regulars/kernel';
import { outbox } from '@regulars/outbox';
import type { Transaction } from '@regulars/persistence';
import { envelope } from '../customers/customer-events.js';
import type { Refusal } from '../requests/refusal.js';
import { toPurchaseState, type Purchase } from './purchase.js';
import { purchaseStore } from './purchase.store.js';

export interface PurchaseChange {
  readonly type: Exclude<EventType<'purchase'>, 'PurchaseRecorded'>;
  readonly occurredAt: Date;
  readonly cause?: Cause | undefined;
}

/** The purchase, locked and open to change, or why it is not. */
export async function lockPurchase(
  id: string,
  tx: Transaction,
): Promise<Result<Purchase, Refusal>> {
  const purchase = await purchaseStore(tx).lock(id);
  if (!purchase) return err(noSuchPurchase);
  if (purchase.removed) {
    return err({
      status: 409,
      code: 'purchase-removed',
      detail: 'The purchase was removed and takes no further changes.',
    });
  }
  return ok(purchase);
}

/** Stores a locked purchase in its next revision and tells the others. */
export async function savePurchase(
  purchase: Purchase,
  { type, occurredAt, cause }: PurchaseChange,
  tx: Transaction,
): Promise<void> {
  await purchaseStore(tx).save(purchase, tx.clock.now());
  const event: NewEvent = {
    stream: 'purchase',
    type,
    ...envelope(purchase.customerId, { occurredAt, cause }),
    data: toPurchaseState(purchase),
  };
  await outbox(tx).add([event]);
}

export const noSuchPurchase: Refusal = {
  status: 404,
  code: 'no-such-purchase',
  detail: 'No purchase has this id. Check the id.',
};
