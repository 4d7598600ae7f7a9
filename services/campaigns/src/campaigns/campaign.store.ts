import type { Day } from '@regulars/kernel';
import { sql, type Transaction } from '@regulars/persistence';
import type { Campaign, CampaignDefinition, CampaignState } from './campaign.js';

/** `pending`: customers are still to be looked at after a start. */
export type ScanState = 'none' | 'pending' | 'done';

export interface CampaignRow extends Campaign {
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly scanState: ScanState;
  /** The last day on which some of the backlog were released, and how many. */
  readonly releasedDay: Day | null;
  readonly releasedCount: number;
}

const columns = sql`c.id, c.state, c.version, c.created_at as "createdAt", c.started_at as "startedAt",
  c.scan_state as "scanState", c.released_day as "releasedDay", c.released_count as "releasedCount", v.definition`;

export const campaignStore = (tx: Pick<Transaction, 'query'>) => ({
  /** Running and paused campaigns; few, so read once per batch. */
  async walked(): Promise<CampaignRow[]> {
    return tx.query<CampaignRow>(sql`
      select ${columns} from campaigns c
      join campaign_versions v on v.campaign_id = c.id and v.version = c.version
      where c.state in ('running', 'paused') order by c.id`);
  },

  /** Every version of these campaigns: running enrolments keep the one that they began with. */
  async versionsOf(
    campaignIds: readonly string[],
  ): Promise<{ campaignId: string; version: number; definition: CampaignDefinition }[]> {
    return tx.query(sql`
      select campaign_id as "campaignId", version, definition from campaign_versions
      where campaign_id = any(${campaignIds}::uuid[])`);
  },

  async find(id: string): Promise<CampaignRow | undefined> {
    const [row] = await tx.query<CampaignRow>(sql`
      select ${columns} from campaigns c
      join campaign_versions v on v.campaign_id = c.id and v.version = c.version where c.id = ${id}`);
    return row;
  },

  /** Locked, so that two calls cannot both start it. */
  async lock(id: string): Promise<CampaignRow | undefined> {
    const [row] = await tx.query<CampaignRow>(sql`
      select ${columns} from campaigns c
      join campaign_versions v on v.campaign_id = c.id and v.version = c.version
      where c.id = ${id} and c.state <> 'built-in' for update of c`);
    return row;
  },

  /** Newest first: ids rise with time. */
  async list(before: string | undefined, limit: number): Promise<CampaignRow[]> {
    return tx.query<CampaignRow>(sql`
      select ${columns} from campaigns c
      join campaign_versions v on v.campaign_id = c.id and v.version = c.version
      where c.state <> 'built-in' and (${before ?? null}::uuid is null or c.id < ${before ?? null}::uuid)
      order by c.id desc limit ${limit}`);
  },

  async insert(id: string, definition: CampaignDefinition, now: Date): Promise<void> {
    await tx.query(sql`
      insert into campaigns (id, state, version, created_at, scan_state)
      values (${id}, 'draft', 1, ${now}, 'none')`);
    await this.insertVersion(id, 1, definition, now);
  },

  /** A new version; enrolments from now on take it. */
  async addVersion(
    id: string,
    version: number,
    definition: CampaignDefinition,
    now: Date,
  ): Promise<void> {
    await this.insertVersion(id, version, definition, now);
    await tx.query(sql`update campaigns set version = ${version} where id = ${id}`);
  },

  async insertVersion(
    id: string,
    version: number,
    definition: CampaignDefinition,
    now: Date,
  ): Promise<void> {
    await tx.query(sql`
      insert into campaign_versions (campaign_id, version, definition, created_at)
      values (${id}, ${version}, ${JSON.stringify(definition)}::jsonb, ${now})`);
  },

  async saveState(id: string, state: CampaignState, now: Date): Promise<void> {
    await tx.query(sql`
      update campaigns set state = ${state}, started_at = coalesce(started_at, ${now}) where id = ${id}`);
  },

  async saveReleased(id: string, day: Day, count: number): Promise<void> {
    await tx.query(sql`
      update campaigns set released_day = ${day}, released_count = ${count} where id = ${id}`);
  },

  async saveScan(id: string, scan: ScanState): Promise<void> {
    await tx.query(sql`update campaigns set scan_state = ${scan} where id = ${id}`);
  },
});
