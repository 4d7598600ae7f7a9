import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Every customer the reports count; its row is the lock. Never a name, and after an erasure only a random id. */
@Entity('customers')
export class CustomerEntity {
  @PrimaryColumn('uuid', { name: 'customer_id', primaryKeyConstraintName: 'customers_pkey' })
  customerId: string;
  @Column('date', { name: 'erased_day', nullable: true })
  erasedDay: string | null;
  @Column('date', { name: 'merged_day', nullable: true })
  mergedDay: string | null;
  @Column('bigint', { name: 'merge_epoch', nullable: true })
  mergeEpoch: string | null;
  @Column('bigint', { name: 'merge_sequence', nullable: true })
  mergeSequence: string | null;
}

/** Each order in its newest state; one without a day was removed or fully refunded. */
@Entity('orders')
export class OrderEntity {
  @PrimaryColumn('uuid', { name: 'customer_id', primaryKeyConstraintName: 'orders_pkey' })
  customerId: string;
  @PrimaryColumn('uuid', { name: 'order_key', primaryKeyConstraintName: 'orders_pkey' })
  orderKey: string;
  @Column('bigint')
  epoch: string;
  @Column('integer')
  revision: number;
  @Column('date', { name: 'purchase_day', nullable: true })
  purchaseDay: string | null;
  @Column('timestamp with time zone', { name: 'purchased_at' })
  purchasedAt: Date;
  @Column('text')
  currency: string;
  @Column('bigint', { name: 'total_minor' })
  totalMinor: string;
}

@Entity('segment_events')
export class SegmentEventEntity {
  @PrimaryColumn('uuid', { name: 'customer_id', primaryKeyConstraintName: 'segment_events_pkey' })
  customerId: string;
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'segment_events_pkey' })
  epoch: string;
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'segment_events_pkey' })
  sequence: string;
  @Column('date')
  day: string;
  @Column('text')
  series: string;
  @Column('text')
  cause: string;
}

@Entity('touches')
export class TouchEntity {
  @PrimaryColumn('uuid', { name: 'customer_id', primaryKeyConstraintName: 'touches_pkey' })
  customerId: string;
  @PrimaryColumn('uuid', { name: 'touch_id', primaryKeyConstraintName: 'touches_pkey' })
  touchId: string;
  @Column('bigint')
  epoch: string;
  @Column('bigint')
  sequence: string;
  @Column('date')
  day: string;
  @Column('text')
  channel: string;
  @Column('uuid', { name: 'campaign_id' })
  campaignId: string;
  @Column('text')
  outcome: string;
  @Column('text')
  detail: string;
  @Column('timestamp with time zone', { name: 'reached_at', nullable: true })
  reachedAt: Date | null;
}
