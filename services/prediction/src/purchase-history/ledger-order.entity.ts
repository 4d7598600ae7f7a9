import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { LedgerItem } from './ledger-order.js';

/** The newest state of each order: the truth that forecasts are a fold of. */
@Entity('ledger_orders')
export class LedgerOrderEntity {
  @PrimaryColumn('uuid', { name: 'customer_id', primaryKeyConstraintName: 'ledger_orders_pkey' })
  customerId: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'ledger_orders_pkey' })
  source: string;
  @PrimaryColumn('text', { name: 'order_id', primaryKeyConstraintName: 'ledger_orders_pkey' })
  orderId: string;
  @Column('bigint')
  epoch: number;
  @Column('integer')
  revision: number;
  @Column('uuid', { name: 'purchase_id' })
  purchaseId: string;
  /** Null: removed or fully refunded. The row stays, so that a late older event cannot bring the order back. */
  @Column('date', { name: 'purchase_day', nullable: true })
  purchaseDay: string | null;
  @Column('bigint', { name: 'total_minor' })
  totalMinor: number;
  @Column('text')
  currency: string;
  @Column('jsonb')
  items: LedgerItem[];
  @Column('boolean')
  imported: boolean;
}
