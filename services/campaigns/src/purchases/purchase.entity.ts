import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Orders by their day; a removed order stays as a row that does not count. */
@Entity('purchases')
export class PurchaseEntity {
  @PrimaryColumn('uuid', { name: 'customer_id', primaryKeyConstraintName: 'purchases_pkey' })
  customerId: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'purchases_pkey' })
  source: string;
  @PrimaryColumn('text', { name: 'order_id', primaryKeyConstraintName: 'purchases_pkey' })
  orderId: string;
  @Column('uuid', { name: 'purchase_id' })
  purchaseId: string;
  @Column('date', { name: 'purchase_day' })
  purchaseDay: string;
  @Column('bigint')
  epoch: string;
  @Column('integer')
  revision: number;
  @Column('boolean')
  imported: boolean;
  @Column('boolean')
  counts: boolean;
}
