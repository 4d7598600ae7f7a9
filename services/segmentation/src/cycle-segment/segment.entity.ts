import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The last forecast applied, with its position: an older one never replaces it. */
@Entity('forecasts')
export class ForecastEntity {
  @PrimaryColumn('uuid', { name: 'customer_id', primaryKeyConstraintName: 'forecasts_pkey' })
  customerId: string;
  @Column('bigint')
  epoch: string;
  @Column('bigint')
  sequence: string;
  @Column('bigint', { name: 'based_on_epoch' })
  basedOnEpoch: string;
  @Column('bigint', { name: 'based_on_sequence' })
  basedOnSequence: string;
  /** The numbers that decide; `purchaseCount` 0 after a tombstone. */
  @Column('jsonb')
  facts: object;
}

@Entity('memberships')
@Index('memberships_segment', ['segment', 'customerId'])
export class MembershipEntity {
  @PrimaryColumn('uuid', { name: 'customer_id', primaryKeyConstraintName: 'memberships_pkey' })
  customerId: string;
  @Column('text')
  segment: string;
  @Column('text', { name: 'lost_kind', nullable: true })
  lostKind: string | null;
  @Column('date', { name: 'since_day' })
  sinceDay: string;
  @Column('text')
  cause: string;
  @Column('jsonb')
  inputs: object;
  @Column('text', { name: 'model_version', nullable: true })
  modelVersion: string | null;
}

/** Every move of a customer between segments; ids rise with time. */
@Entity('segment_changes')
@Index('segment_changes_customer', ['customerId', 'id'])
export class SegmentChangeEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'segment_changes_pkey' })
  id: string;
  @Column('uuid', { name: 'customer_id' })
  customerId: string;
  @Column('text', { name: 'from_segment', nullable: true })
  fromSegment: string | null;
  @Column('text', { name: 'to_segment' })
  toSegment: string;
  @Column('text', { name: 'lost_kind', nullable: true })
  lostKind: string | null;
  @Column('text')
  cause: string;
  @Column('date')
  day: string;
  @Column('timestamp with time zone', { name: 'decided_at' })
  decidedAt: Date;
  @Column('jsonb')
  inputs: object;
  @Column('text', { name: 'model_version', nullable: true })
  modelVersion: string | null;
}
