import type { OrderLine } from '@regulars/contracts';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/**
 * A purchase as it stands, with its lines. `first_content` is the hash of the first request, kept for ever.
 * No foreign key to the customer: the row is locked when this one is written, customers are never deleted, and
 * the check would cost every event.
 */
@Entity('purchases')
@Unique('purchases_source_order_id_key', ['source', 'orderId'])
@Index('purchases_customer_id_idx', ['customerId', 'id'])
@Check('purchases_amounts', `total_minor >= 0 and refunded_minor >= 0`)
export class PurchaseEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'purchases_pkey' })
  id: string;
  @Column('uuid', { name: 'customer_id' })
  customerId: string;
  @Column('text')
  source: string;
  @Column('text', { name: 'order_id' })
  orderId: string;
  @Column('integer')
  revision: number;
  @Column('date', { name: 'purchase_day' })
  purchaseDay: string;
  @Column('timestamp with time zone', { name: 'purchased_at' })
  purchasedAt: Date;
  /** In which the instant became the day. */
  @Column('text', { name: 'time_zone' })
  timeZone: string;
  @Column('text')
  currency: string;
  /** What was paid, less what was refunded. */
  @Column('bigint', { name: 'total_minor' })
  totalMinor: number;
  @Column('bigint', { name: 'refunded_minor' })
  refundedMinor: number;
  @Column('jsonb')
  lines: OrderLine[];
  @Column('boolean')
  imported: boolean;
  /** Kinds of identities that pointed to somebody else: part of the first answer. */
  @Column('text', { name: 'identity_conflicts', array: true })
  identityConflicts: string[];
  @Column('bytea', { name: 'first_content' })
  firstContent: Buffer;
  @Column('timestamp with time zone', { name: 'recorded_at' })
  recordedAt: Date;
  @Column('timestamp with time zone', { name: 'removed_at', nullable: true })
  removedAt: Date | null;
}

/** Money given back; (`purchase_id`, `refund_id`) is its business key. */
@Entity('refunds')
@Unique('refunds_purchase_id_refund_id_key', ['purchaseId', 'refundId'])
@Check('refunds_amount', `amount_minor >= 0`)
export class RefundEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'refunds_pkey' })
  id: string;
  @ForeignKey(() => PurchaseEntity, { name: 'refunds_purchase_id_fkey' })
  @Column('uuid', { name: 'purchase_id' })
  purchaseId: string;
  @Column('text', { name: 'refund_id' })
  refundId: string;
  @Column('bigint', { name: 'amount_minor' })
  amountMinor: number;
  @Column('text', { nullable: true })
  reason: string | null;
  @Column('bytea')
  content: Buffer;
  @Column('timestamp with time zone', { name: 'refunded_at' })
  refundedAt: Date;
  @Column('timestamp with time zone', { name: 'recorded_at' })
  recordedAt: Date;
}
