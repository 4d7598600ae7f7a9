import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Every customer this service heard of; its row is the lock. An erased one stays as a bare id, so that later events are ignored. */
@Entity('customers')
export class CustomerEntity {
  @PrimaryColumn('uuid', { name: 'customer_id', primaryKeyConstraintName: 'customers_pkey' })
  customerId: string;
  @Column('timestamp with time zone', { name: 'registered_at', nullable: true })
  registeredAt: Date | null;
  @Column('uuid', { name: 'merged_into', nullable: true })
  mergedInto: string | null;
  /** Position of the newest merge or un-merge. */
  @Column('bigint', { name: 'merge_epoch', nullable: true })
  mergeEpoch: string | null;
  @Column('bigint', { name: 'merge_sequence', nullable: true })
  mergeSequence: string | null;
  @Column('timestamp with time zone', { name: 'erased_at', nullable: true })
  erasedAt: Date | null;
}

/** Each order in its newest state; a removed one stays with its pair and no day, so that an older event cannot bring it back. */
@Entity('orders')
export class OrderEntity {
  @PrimaryColumn('uuid', { name: 'customer_id', primaryKeyConstraintName: 'orders_pkey' })
  customerId: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'orders_pkey' })
  source: string;
  @PrimaryColumn('text', { name: 'order_id', primaryKeyConstraintName: 'orders_pkey' })
  orderId: string;
  @Column('bigint')
  epoch: string;
  @Column('integer')
  revision: number;
  /** No day: removed, or fully refunded. */
  @Column('date', { name: 'purchase_day', nullable: true })
  purchaseDay: string | null;
  @Column('text')
  currency: string;
  @Column('bigint', { name: 'total_minor' })
  totalMinor: string;
}
