import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The newest forecast; not `standing` = withdrawn by a tombstone. */
@Entity('forecasts')
@Index('forecasts_contact_day', ['contactDay'])
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
  @Column('boolean')
  standing: boolean;
  @Column('date', { name: 'last_purchase_day', nullable: true })
  lastPurchaseDay: string | null;
  @Column('uuid', { nullable: true })
  cycle: string | null;
  @Column('double precision', { name: 'cycle_days', nullable: true })
  cycleDays: number | null;
  @Column('date', { name: 'due_day', nullable: true })
  dueDay: string | null;
  @Column('date', { name: 'remind_day', nullable: true })
  remindDay: string | null;
  @Column('date', { name: 'contact_day', nullable: true })
  contactDay: string | null;
  @Column('date', { name: 'lost_day', nullable: true })
  lostDay: string | null;
  @Column('boolean')
  imported: boolean;
  @Column('text', { nullable: true })
  basis: string | null;
  @Column('bigint', { name: 'expected_value_minor', nullable: true })
  expectedValueMinor: string | null;
  @Column('text', { nullable: true })
  currency: string | null;
  @Column('text', { name: 'model_version', nullable: true })
  modelVersion: string | null;
}
