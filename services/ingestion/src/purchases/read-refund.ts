import { err, ok, type Result } from '@regulars/kernel';
import { RefundRequest } from '../requests/purchase-request.js';
import { shapeReader } from '../requests/read-shape.js';
import { Impossibilities, type Refusal } from '../requests/refusal.js';
import { instantNotAhead } from '../requests/instant.js';
import { judgeAmount, judgeMoney } from './read-money.js';
import type { Refund } from './refund.js';

export interface NewRefund extends Refund {
  readonly refundId: string;
  readonly refundedAt: Date;
  readonly reason?: string;
  readonly sent: RefundRequest;
}

const readShape = shapeReader(RefundRequest);

export function readRefund(body: unknown, now: Date): Result<NewRefund, Refusal> {
  const shape = readShape(body);
  if (!shape.ok) return shape;
  const sent = shape.value;
  const problems = new Impossibilities();
  if (sent.amount) judgeMoney(sent.amount, '/amount', problems);
  sent.lines?.forEach(({ amountMinor }, index) => {
    judgeAmount(amountMinor, `/lines/${String(index)}/amountMinor`, problems);
  });
  const refundedAt = instantNotAhead(sent.refundedAt, '/refundedAt', now, problems);
  if (problems.refusal) return err(problems.refusal);
  return ok({
    sent,
    refundId: sent.refundId,
    refundedAt: refundedAt ?? now,
    ...(sent.reason === undefined ? {} : { reason: sent.reason }),
    ...(sent.amount && { amountMinor: sent.amount.amountMinor, currency: sent.amount.currency }),
    ...(sent.lines && { lines: sent.lines }),
  });
}
