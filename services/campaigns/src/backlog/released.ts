import type { Day } from '@regulars/kernel';
import type { CampaignRow } from '../campaigns/campaign.store.js';

type Releasing = Pick<CampaignRow, 'definition' | 'releasedDay' | 'releasedCount'>;

/** How many of its backlog a campaign has released on a day. */
export function releasedOn({ releasedDay, releasedCount }: Releasing, day: Day): number {
  return releasedDay === day ? releasedCount : 0;
}

/** How many more it may release on that day. */
export function roomOf(campaign: Releasing, day: Day): number {
  return Math.max(0, campaign.definition.backlogPerDay - releasedOn(campaign, day));
}
