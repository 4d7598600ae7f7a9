import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { CustomerProfile } from '@regulars/contracts';

/** A person or company whose purchases we track. An erased one keeps its id and nothing else. */
@Entity('customers')
@Check('customers_kind', `kind in ('person', 'company')`)
export class CustomerEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'customers_pkey' })
  id: string;
  @Column('text')
  kind: string;
  @Column('text', { nullable: true })
  name: string | null;
  /** The number to call; other numbers that point here stand in `identities`. */
  @Column('text', { nullable: true })
  phone: string | null;
  @Column('text', { nullable: true })
  email: string | null;
  @Column('jsonb')
  messengers: CustomerProfile['messengers'];
  @Column('jsonb', { name: 'social_profiles' })
  socialProfiles: string[];
  @Column('text', { name: 'preferred_channel', nullable: true })
  preferredChannel: string | null;
  @Column('text', { nullable: true })
  language: string | null;
  @Column('text', { name: 'time_zone', nullable: true })
  timeZone: string | null;
  @Column('jsonb', { name: 'important_dates' })
  importantDates: CustomerProfile['importantDates'];
  @Column('jsonb')
  attributes: Record<string, string>;
  @Column('text', { nullable: true })
  notes: string | null;
  @Column('text', { name: 'acquisition_source', nullable: true })
  acquisitionSource: string | null;
  @Column('uuid', { name: 'referred_by', nullable: true })
  referredBy: string | null;
  @Column('boolean')
  imported: boolean;
  @Column('timestamp with time zone', { name: 'registered_at' })
  registeredAt: Date;
  @Column('timestamp with time zone', { name: 'erased_at', nullable: true })
  erasedAt: Date | null;
}

/** What points to a customer: a phone, an e-mail, a number in another system. */
@Entity('identities')
@Check('identities_kind', `kind in ('phone', 'email', 'external')`)
export class IdentityEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'identities_pkey' })
  kind: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'identities_pkey' })
  value: string;
  @Index('identities_customer_id_idx')
  @ForeignKey(() => CustomerEntity, { name: 'identities_customer_id_fkey' })
  @Column('uuid', { name: 'customer_id' })
  customerId: string;
  @Column('timestamp with time zone', { name: 'added_at' })
  addedAt: Date;
}

/** Somebody sent identities of two customers as if they were one: who was chosen, who else was meant. For people to look at. */
@Entity('identity_conflicts')
export class IdentityConflictEntity {
  @PrimaryColumn('uuid', {
    name: 'customer_id',
    primaryKeyConstraintName: 'identity_conflicts_pkey',
  })
  customerId: string;
  @PrimaryColumn('uuid', {
    name: 'other_customer_id',
    primaryKeyConstraintName: 'identity_conflicts_pkey',
  })
  otherCustomerId: string;
  /** The kind of the weaker identity. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'identity_conflicts_pkey' })
  kind: string;
  @Column('integer')
  times: number;
  @Column('timestamp with time zone', { name: 'first_at' })
  firstAt: Date;
  @Column('timestamp with time zone', { name: 'last_at' })
  lastAt: Date;
}
