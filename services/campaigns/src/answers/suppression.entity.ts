import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A stop that stands until the consent record agrees with it. */
@Entity('suppressions')
@Index('suppressions_customer', ['customerId'])
export class SuppressionEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'suppressions_pkey' })
  id: string;
  @Column('uuid', { name: 'customer_id' })
  customerId: string;
  @Column('text')
  reason: string;
  @Column('timestamp with time zone', { name: 'from_at' })
  fromAt: Date;
  @Column('timestamp with time zone', { name: 'settled_at', nullable: true })
  settledAt: Date | null;
}
