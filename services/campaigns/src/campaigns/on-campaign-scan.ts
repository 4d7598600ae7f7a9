import { Injectable } from '@nestjs/common';
import type { Transaction } from '@regulars/persistence';
import { OnTimer, timers, type LeasedTimer, type TimerHandler } from '@regulars/timers';
import { backlogRelease } from '../backlog/release-time.js';
import { customerStore } from '../customers/customer.store.js';
import { enrolmentStore } from '../enrolments/enrolment.store.js';
import { WalkLadders } from '../enrolments/walk-ladders.use-case.js';
import { audienceStore } from './audience.store.js';
import { campaignStore } from './campaign.store.js';

export const campaignScan = 'campaign-scan';
const CHUNK = 500;

/** After a start: enrols who is in the audience already, a chunk per transaction, then lets the backlog flow. */
@OnTimer(campaignScan)
@Injectable()
export class OnCampaignScan implements TimerHandler {
  /** Its campaign is locked after its customers: those of a second one would be locked out of order. */
  readonly atMost = 1;

  constructor(private readonly walkLadders: WalkLadders) {}

  async fire([timer]: readonly LeasedTimer[], tx: Transaction): Promise<void> {
    if (timer) await this.chunk(timer, tx);
  }

  private async chunk(timer: LeasedTimer, tx: Transaction): Promise<void> {
    const seen = await campaignStore(tx).find(timer.key);
    const after = String(timer.data['after'] ?? '');
    const ids =
      seen?.state === 'running'
        ? await audienceStore(tx).idsAfter(seen.definition.audience, after, CHUNK)
        : [];
    await customerStore(tx).lockKnown(ids);
    // Before the timer, in the order of whoever starts or pauses it.
    const campaign = await campaignStore(tx).lock(timer.key);
    if ((await timers(tx).take([timer])).length === 0 || campaign?.state !== 'running') return;
    await this.walkLadders.run(tx, new Map(ids.map((id) => [id, undefined])));
    const dueAt = tx.clock.now();
    const last = ids.at(-1);
    if (ids.length === CHUNK && last !== undefined) {
      await timers(tx).schedule([
        { kind: campaignScan, key: timer.key, dueAt, data: { after: last } },
      ]);
      return;
    }
    await campaignStore(tx).saveScan(timer.key, 'done');
    if ((await enrolmentStore(tx).countBacklog(timer.key)) > 0)
      await timers(tx).schedule([{ kind: backlogRelease, key: timer.key, dueAt }]);
  }
}
