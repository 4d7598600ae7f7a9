import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The row that everything about a customer is locked by. No personal data. */
@Entity('customers')
export class CustomerEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'customers_pkey' })
  id: string;
  @Column('text', { nullable: true })
  kind: string | null;
  @Column('jsonb')
  consents: object;
  @Column('bigint', { name: 'consent_epoch' })
  consentEpoch: string;
  @Column('bigint', { name: 'consent_sequence' })
  consentSequence: string;
  @Column('text', { nullable: true })
  segment: string | null;
  @Column('text', { name: 'lost_kind', nullable: true })
  lostKind: string | null;
  @Column('bigint', { name: 'segment_epoch' })
  segmentEpoch: string;
  @Column('bigint', { name: 'segment_sequence' })
  segmentSequence: string;
  @Column('bigint', { name: 'purchase_epoch' })
  purchaseEpoch: string;
  @Column('bigint', { name: 'purchase_sequence' })
  purchaseSequence: string;
  @Column('uuid', { name: 'merged_into', nullable: true })
  mergedInto: string | null;
  @Column('bigint', { name: 'merge_epoch', default: -1 })
  mergeEpoch: string;
  @Column('bigint', { name: 'merge_sequence', default: -1 })
  mergeSequence: string;
  @Column('timestamp with time zone', { name: 'erased_at', nullable: true })
  erasedAt: Date | null;
}
