import { Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** The send-once ledger: one row per customer, campaign, step and cycle. */
@Entity('touches')
@Unique('touches_once', ['customerId', 'campaignId', 'step', 'cycle'])
@Index('touches_enrolment', ['enrolmentId'])
@Index('touches_due', ['dueAt', 'id'])
@Index('touches_customer_sent', ['customerId', 'sentAt'])
@Index('touches_ready', ['readyAt'], { where: 'ready_at is not null' })
@Index('touches_paused', ['campaignId'], {
  where: "state = 'deferred' and reason = 'campaign-paused'",
})
@Index('touches_sending', ['leasedUntil'], { where: "state = 'sending'" })
export class TouchEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'touches_pkey' })
  id: string;
  @Column('uuid', { name: 'customer_id' })
  customerId: string;
  @Column('uuid', { name: 'campaign_id' })
  campaignId: string;
  @Column('integer', { name: 'campaign_version' })
  campaignVersion: number;
  @Column('uuid', { name: 'enrolment_id' })
  enrolmentId: string;
  @Column('integer')
  step: number;
  @Column('uuid')
  cycle: string;
  @Column('text')
  directness: string;
  @Column('text')
  channel: string;
  @Column('text', { array: true })
  channels: string[];
  @Column('timestamp with time zone', { name: 'due_at' })
  dueAt: Date;
  @Column('timestamp with time zone', { name: 'expires_at' })
  expiresAt: Date;
  @Column('text')
  state: string;
  @Column('text')
  reason: string;
  @Column('text', { nullable: true })
  template: string | null;
  @Column('integer', { name: 'template_version', nullable: true })
  templateVersion: number | null;
  @Column('text', { name: 'template_used', nullable: true })
  templateUsed: string | null;
  @Column('uuid', { name: 'offer_id', nullable: true })
  offerId: string | null;
  @Column('uuid', { name: 'agreement_id', nullable: true })
  agreementId: string | null;
  @Column('text', { nullable: true })
  segment: string | null;
  @Column('text', { name: 'forecast_model_version', nullable: true })
  forecastModelVersion: string | null;
  @Column('bigint', { name: 'forecast_epoch', nullable: true })
  forecastEpoch: string | null;
  @Column('bigint', { name: 'forecast_sequence', nullable: true })
  forecastSequence: string | null;
  @Column('integer')
  attempts: number;
  @Column('timestamp with time zone', { name: 'ready_at', nullable: true })
  readyAt: Date | null;
  @Column('timestamp with time zone', { name: 'leased_until', nullable: true })
  leasedUntil: Date | null;
  @Column('timestamp with time zone', { name: 'sent_at', nullable: true })
  sentAt: Date | null;
  @Column('text', { name: 'provider_reference', nullable: true })
  providerReference: string | null;
  @Column('text', { nullable: true })
  answer: string | null;
  @Column('timestamp with time zone', { name: 'created_at' })
  createdAt: Date;
}

/** Why and why not: every change of a touch. */
@Entity('touch_changes')
@Index('touch_changes_touch', ['touchId', 'id'])
export class TouchChangeEntity {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'touch_changes_pkey',
  })
  id: string;
  @Column('uuid', { name: 'touch_id' })
  touchId: string;
  @Column('uuid', { name: 'customer_id' })
  customerId: string;
  @Column('timestamp with time zone')
  at: Date;
  @Column('text')
  state: string;
  @Column('text')
  reason: string;
  @Column('text')
  channel: string;
  @Column('timestamp with time zone', { nullable: true })
  until: Date | null;
}

/** What would have left on a channel in capture mode. Personal data. */
@Entity('touch_messages')
@Index('touch_messages_customer', ['customerId'])
export class TouchMessageEntity {
  @PrimaryColumn('uuid', { name: 'touch_id', primaryKeyConstraintName: 'touch_messages_pkey' })
  touchId: string;
  @Column('uuid', { name: 'customer_id' })
  customerId: string;
  @Column('text')
  channel: string;
  @Column('text', { nullable: true })
  subject: string | null;
  @Column('text')
  text: string;
  @Column('text', { nullable: true })
  html: string | null;
  @Column('jsonb', { nullable: true })
  json: object | null;
  @Column('timestamp with time zone', { name: 'stored_at' })
  storedAt: Date;
}
