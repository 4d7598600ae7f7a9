import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { CustomerEntity } from '../customers/customer.entities.js';

/** The consent in force per channel and purpose; no row means no. */
@Entity('consents')
@Check('consents_state', `state in ('granted', 'withdrawn')`)
export class ConsentEntity {
  @ForeignKey(() => CustomerEntity, { name: 'consents_customer_id_fkey' })
  @PrimaryColumn('uuid', { name: 'customer_id', primaryKeyConstraintName: 'consents_pkey' })
  customerId: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'consents_pkey' })
  channel: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'consents_pkey' })
  purpose: string;
  @Column('text')
  state: string;
  @Column('timestamp with time zone', { name: 'changed_at' })
  changedAt: Date;
}

/** The proof of every consent and withdrawal: what was said, when, in which words. Only ever added to. */
@Entity('consent_records')
@Check('consent_records_state', `state in ('granted', 'withdrawn')`)
@Check('consent_records_origin', `origin in ('api', 'stop')`)
@Unique('consent_records_statement_key', ['customerId', 'channel', 'purpose', 'changedAt', 'state'])
export class ConsentRecordEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'consent_records_pkey' })
  id: string;
  @ForeignKey(() => CustomerEntity, { name: 'consent_records_customer_id_fkey' })
  @Column('uuid', { name: 'customer_id' })
  customerId: string;
  @Column('text')
  channel: string;
  @Column('text')
  purpose: string;
  @Column('text')
  state: string;
  @Column('text', { nullable: true })
  wording: string | null;
  @Column('text', { nullable: true })
  evidence: string | null;
  @Column('text')
  origin: string;
  @Column('timestamp with time zone', { name: 'changed_at' })
  changedAt: Date;
  @Column('timestamp with time zone', { name: 'recorded_at' })
  recordedAt: Date;
}
