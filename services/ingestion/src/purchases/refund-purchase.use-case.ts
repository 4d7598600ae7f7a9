import { createHash } from 'node:crypto';
import type { Cause } from '@regulars/contracts';
import { err, newId, ok, type Result } from '@regulars/kernel';
import type { Transaction } from '@regulars/persistence';
import type { Refusal } from '../requests/refusal.js';
import { lockPurchase, savePurchase } from './change-purchase.use-case.js';
import type { NewRefund } from './read-refund.js';
import { applyRefund } from './refund.js';
import { refundStore, type StoredRefund } from './refund.store.js';

export interface RefundOutcome {
  readonly kind: 'created' | 'unchanged';
  readonly refund: StoredRefund;
  readonly currency: string;
}

/** Gives money back. The same `refundId` with the same content is `unchanged`, with other content a 409. */
export async function refundPurchase(
  purchaseId: string,
  refund: NewRefund,
  cause: Cause | undefined,
  tx: Transaction,
): Promise<Result<RefundOutcome, Refusal>> {
  const locked = await lockPurchase(purchaseId, tx);
  if (!locked.ok) return locked;
  const purchase = locked.value;
  const content = contentOf(refund);

  const earlier = await refundStore(tx).find(purchaseId, refund.refundId);
  if (earlier) {
    return earlier.content.equals(content)
      ? ok({ kind: 'unchanged', refund: earlier, currency: purchase.currency })
      : err(differs(earlier, purchase.currency, refund));
  }
  const after = applyRefund(purchase, refund);
  if (!after.ok) return after;

  const stored: StoredRefund = {
    id: newId(),
    purchaseId,
    refundId: refund.refundId,
    amountMinor: purchase.totalMinor - after.value.totalMinor,
    reason: refund.reason ?? null,
    content,
    refundedAt: refund.refundedAt,
  };
  await refundStore(tx).insert(stored, tx.clock.now());
  const change = { type: 'PurchaseRefunded', occurredAt: refund.refundedAt, cause } as const;
  await savePurchase(after.value, change, tx);
  return ok({ kind: 'created', refund: stored, currency: purchase.currency });
}

export function toRefundAnswer({ refund, currency }: Pick<RefundOutcome, 'refund' | 'currency'>) {
  return {
    id: refund.id,
    purchaseId: refund.purchaseId,
    refundId: refund.refundId,
    amount: { amountMinor: refund.amountMinor, currency },
    refundedAt: refund.refundedAt.toISOString(),
    ...(refund.reason === null ? {} : { reason: refund.reason }),
  };
}

/** Of what was sent: the moment of a refund without one is the moment of its first arrival. */
function contentOf({ sent }: NewRefund): Buffer {
  const content = [
    sent.amount?.amountMinor ?? null,
    sent.amount?.currency ?? null,
    sent.lines?.map(({ productId, amountMinor }) => [productId, amountMinor]) ?? null,
    sent.refundedAt === undefined ? null : new Date(sent.refundedAt).toISOString(),
    sent.reason ?? null,
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest();
}

function differs(stored: StoredRefund, currency: string, { sent }: NewRefund): Refusal {
  return {
    status: 409,
    code: 'refund-differs',
    detail:
      'This purchase has a refund with this refundId and another content. Use a new refundId.',
    extensions: { stored: toRefundAnswer({ refund: stored, currency }), sent },
  };
}
