import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A campaign with the version that new enrolments take. */
@Entity('campaigns')
export class CampaignEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'campaigns_pkey' })
  id: string;
  @Column('text')
  state: string;
  @Column('integer')
  version: number;
  @Column('timestamp with time zone', { name: 'created_at' })
  createdAt: Date;
  @Column('timestamp with time zone', { name: 'started_at', nullable: true })
  startedAt: Date | null;
  @Column('text', { name: 'scan_state' })
  scanState: string;
  /** The last day on which some of the backlog were released, and how many. */
  @Column('date', { name: 'released_day', nullable: true })
  releasedDay: string | null;
  @Column('integer', { name: 'released_count', default: 0 })
  releasedCount: number;
}

/** A definition as it was; never changed, since enrolments and touches point to it. */
@Entity('campaign_versions')
export class CampaignVersionEntity {
  @PrimaryColumn('uuid', {
    name: 'campaign_id',
    primaryKeyConstraintName: 'campaign_versions_pkey',
  })
  campaignId: string;
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'campaign_versions_pkey' })
  version: number;
  @Column('jsonb')
  definition: object;
  @Column('timestamp with time zone', { name: 'created_at' })
  createdAt: Date;
}
