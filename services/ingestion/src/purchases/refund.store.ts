import { sql, type Transaction } from '@regulars/persistence';

export interface StoredRefund {
  readonly id: string;
  readonly purchaseId: string;
  readonly refundId: string;
  readonly amountMinor: number;
  readonly reason: string | null;
  readonly content: Buffer;
  readonly refundedAt: Date;
}

/** Refunds, under the lock of their purchase. */
export const refundStore = (tx: Transaction) => ({
  async find(purchaseId: string, refundId: string): Promise<StoredRefund | undefined> {
    const rows = await tx.query<StoredRefund>(sql`
      select id, purchase_id as "purchaseId", refund_id as "refundId", amount_minor as "amountMinor", reason,
        content, refunded_at as "refundedAt"
      from refunds where purchase_id = ${purchaseId}::uuid and refund_id = ${refundId}`);
    return rows[0];
  },

  async insert(refund: StoredRefund, recordedAt: Date): Promise<void> {
    await tx.query(sql`
      insert into refunds (id, purchase_id, refund_id, amount_minor, reason, content, refunded_at, recorded_at)
      values (${refund.id}, ${refund.purchaseId}, ${refund.refundId}, ${refund.amountMinor}, ${refund.reason},
        ${refund.content}, ${refund.refundedAt}, ${recordedAt})`);
  },
});
