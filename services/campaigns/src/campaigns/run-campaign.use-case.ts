import type { Transaction } from '@regulars/persistence';
import { timers } from '@regulars/timers';
import { backlogRelease } from '../backlog/release-time.js';
import { touchDue } from '../touches/touch-ledger.use-case.js';
import { touchStore } from '../touches/touch.store.js';
import { campaignStore, type CampaignRow } from './campaign.store.js';
import { campaignScan } from './on-campaign-scan.js';

/** Starts a draft or resumes a paused campaign; customers are looked at in the background. Locked by the caller. */
export async function startCampaign(tx: Transaction, campaign: CampaignRow): Promise<void> {
  if (campaign.state === 'running') return;
  await campaignStore(tx).saveState(campaign.id, 'running', tx.clock.now());
  await wakePaused(tx, campaign.id);
  await scanAgain(tx, campaign.id);
}

/** What a pause deferred is judged again now, under its customer's lock then. */
async function wakePaused(tx: Transaction, campaignId: string): Promise<void> {
  const paused = await touchStore(tx).deferredByPause(campaignId);
  const dueAt = tx.clock.now();
  await timers(tx).schedule(paused.map(({ id }) => ({ kind: touchDue, key: id, dueAt })));
}

/** Looks at everybody in the audience anew; whoever walks the campaign already is left alone. */
export async function scanAgain(tx: Transaction, campaignId: string): Promise<void> {
  await campaignStore(tx).saveScan(campaignId, 'pending');
  await timers(tx).schedule([{ kind: campaignScan, key: campaignId, dueAt: tx.clock.now() }]);
}

/** Nobody new is enrolled; touches that come due are deferred, and skipped when their step's time is over. */
export async function pauseCampaign(tx: Transaction, campaign: CampaignRow): Promise<void> {
  if (campaign.state !== 'running') return;
  await campaignStore(tx).saveState(campaign.id, 'paused', tx.clock.now());
  await campaignStore(tx).saveScan(campaign.id, 'none');
  await timers(tx).cancel(campaignScan, [campaign.id]);
  await timers(tx).cancel(backlogRelease, [campaign.id]);
}
