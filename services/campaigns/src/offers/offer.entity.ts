import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** A concrete thing proposed, with how often it may be made. */
@Entity('offers')
@Unique('offers_code', ['code'])
export class OfferEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'offers_pkey' })
  id: string;
  @Column('text')
  code: string;
  @Column('text')
  title: string;
  @Column('text', { nullable: true })
  terms: string | null;
  @Column('text')
  rule: string;
  @Column('integer', { name: 'every_days', nullable: true })
  everyDays: number | null;
  @Column('integer', { name: 'valid_days', nullable: true })
  validDays: number | null;
  @Column('timestamp with time zone', { name: 'created_at' })
  createdAt: Date;
}

/** Who was made which offer: once per slot. */
@Entity('offer_ledger')
@Unique('offer_ledger_once', ['offerId', 'customerId', 'slot'])
@Index('offer_ledger_customer', ['customerId'])
export class OfferLedgerEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'offer_ledger_pkey' })
  id: string;
  @Column('uuid', { name: 'offer_id' })
  offerId: string;
  @Column('uuid', { name: 'customer_id' })
  customerId: string;
  @Column('text')
  slot: string;
  @Column('uuid', { name: 'touch_id' })
  touchId: string;
  @Column('uuid', { name: 'campaign_id' })
  campaignId: string;
  @Column('uuid')
  cycle: string;
  @Column('timestamp with time zone', { name: 'made_at' })
  madeAt: Date;
  @Column('timestamp with time zone', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;
}
