import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** One customer walking one campaign for one cycle. */
@Entity('enrolments')
@Unique('enrolments_once', ['customerId', 'campaignId', 'cycle'])
@Index('enrolments_backlog', ['campaignId', 'state', 'moneyAtRiskMinor'])
export class EnrolmentEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'enrolments_pkey' })
  id: string;
  @Column('uuid', { name: 'campaign_id' })
  campaignId: string;
  @Column('integer', { name: 'campaign_version' })
  campaignVersion: number;
  @Column('uuid', { name: 'customer_id' })
  customerId: string;
  @Column('uuid')
  cycle: string;
  @Column('text')
  state: string;
  @Column('text', { name: 'end_reason', nullable: true })
  endReason: string | null;
  @Column('date', { name: 'trigger_day' })
  triggerDay: string;
  @Column('date', { name: 'last_purchase_day' })
  lastPurchaseDay: string;
  @Column('integer', { name: 'lead_days' })
  leadDays: number;
  @Column('boolean')
  released: boolean;
  @Column('bigint', { name: 'money_at_risk_minor' })
  moneyAtRiskMinor: string;
  @Column('text', { nullable: true })
  segment: string | null;
  @Column('text', { name: 'forecast_model_version', nullable: true })
  forecastModelVersion: string | null;
  @Column('bigint', { name: 'forecast_epoch', nullable: true })
  forecastEpoch: string | null;
  @Column('bigint', { name: 'forecast_sequence', nullable: true })
  forecastSequence: string | null;
  @Column('timestamp with time zone', { name: 'created_at' })
  createdAt: Date;
  @Column('timestamp with time zone', { name: 'ended_at', nullable: true })
  endedAt: Date | null;
}
