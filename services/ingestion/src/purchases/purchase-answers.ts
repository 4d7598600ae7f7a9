import type { Answer } from '@regulars/http';
import { err, ok } from '@regulars/kernel';
import { fieldOf, type IdentityKind } from '../customers/identity.js';
import type { Notice } from '../requests/batch-request.js';
import type { Refusal } from '../requests/refusal.js';
import type { ItemAnswer } from '../requests/run-batch.use-case.js';
import { toPurchaseAnswer } from './purchase.js';
import type { FreshPurchase } from './purchase.store.js';
import type { NewPurchase } from './read-purchase.js';
import type { RecordOutcome } from './record-purchases.use-case.js';

/** The answer to a purchase: only what never changes, so that a retry gets the first answer again. */
export function toRecordAnswer(kind: 'created' | 'unchanged', purchase: FreshPurchase): Answer {
  const notices = noticesOf(purchase);
  return {
    status: kind === 'created' ? 201 : 200,
    headers: { location: `/v1/purchases/${purchase.id}` },
    body: {
      id: purchase.id,
      customerId: purchase.customerId,
      source: purchase.source,
      orderId: purchase.orderId,
      ...(notices.length === 0 ? {} : { notices }),
    },
  };
}

export function noticesOf({ identityConflicts }: FreshPurchase): Notice[] {
  return identityConflicts.map((kind) => ({
    code: 'identity-conflict',
    pointer: `/customer/${fieldOf[kind as IdentityKind]}`,
  }));
}

export function refusalOf(
  outcome: Exclude<RecordOutcome, { purchase: FreshPurchase }>,
  sent: NewPurchase,
): Refusal {
  if (outcome.kind === 'unknown-customer') return unknownCustomer;
  return {
    status: 409,
    code: 'purchase-differs',
    detail:
      'A purchase with this source and orderId was recorded with another content. ' +
      'Correct it with POST /v1/purchases/{id}/corrections, or send the new one under its own orderId.',
    extensions: { stored: toPurchaseAnswer(outcome.stored), sent: sentVersion(sent) },
  };
}

export const unknownCustomer: Refusal = {
  status: 422,
  code: 'unknown-customer',
  detail:
    'No customer has this id. Check the id, or name the customer by phone, e-mail or externalId.',
  errors: [
    {
      pointer: '/customer/id',
      code: 'unknown-customer',
      message: 'No customer has this id.',
    },
  ],
};

function sentVersion(sent: NewPurchase) {
  return {
    source: sent.source,
    orderId: sent.orderId,
    purchaseDay: sent.purchaseDay,
    purchasedAt: sent.purchasedAt.toISOString(),
    total: { amountMinor: sent.totalMinor, currency: sent.currency },
    lines: sent.lines,
    imported: sent.imported,
  };
}

export function toItemAnswer(outcome: RecordOutcome, sent: NewPurchase): ItemAnswer {
  if (outcome.kind !== 'created' && outcome.kind !== 'unchanged')
    return err(refusalOf(outcome, sent));
  const notices = noticesOf(outcome.purchase);
  return ok({
    status: outcome.kind,
    id: outcome.purchase.id,
    ...(notices.length === 0 ? {} : { notices }),
  });
}
