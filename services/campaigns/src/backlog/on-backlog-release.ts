import { Inject, Injectable } from '@nestjs/common';
import { dayOf } from '@regulars/kernel';
import type { Transaction } from '@regulars/persistence';
import { OnTimer, timers, type LeasedTimer, type TimerHandler } from '@regulars/timers';
import { CAMPAIGN_SETTINGS, type CampaignSettings } from '../campaigns.config.js';
import { campaignStore } from '../campaigns/campaign.store.js';
import { customerStore } from '../customers/customer.store.js';
import { enrolmentStore } from '../enrolments/enrolment.store.js';
import { backlogRelease, nextRelease } from './release-time.js';
import { releasedOn, roomOf } from './released.js';
import { ReleaseBacklog } from './release-backlog.use-case.js';

/** Every morning so many of the backlog begin their ladder, most money at risk first. */
@OnTimer(backlogRelease)
@Injectable()
export class OnBacklogRelease implements TimerHandler {
  /** Its campaign is locked after its customers: those of a second one would be locked out of order. */
  readonly atMost = 1;

  constructor(
    @Inject(CAMPAIGN_SETTINGS) private readonly settings: CampaignSettings,
    private readonly release: ReleaseBacklog,
  ) {}

  async fire([timer]: readonly LeasedTimer[], tx: Transaction): Promise<void> {
    if (timer) await this.one(timer, tx);
  }

  private async one(timer: LeasedTimer, tx: Transaction): Promise<void> {
    const today = dayOf(tx.clock.now(), this.settings.companyZone);
    const seen = await campaignStore(tx).find(timer.key);
    const chosen = seen ? await enrolmentStore(tx).backlog(seen.id, roomOf(seen, today)) : [];
    await customerStore(tx).lockKnown(chosen.map(({ customerId }) => customerId));
    // Before the timer, in the order of whoever starts or pauses it.
    const campaign = await campaignStore(tx).lock(timer.key);
    if ((await timers(tx).take([timer])).length === 0 || campaign?.state !== 'running') return;
    // Counted under the lock: edits and starts of the same day let nobody else out.
    const released = await this.release.run(tx, campaign, chosen.slice(0, roomOf(campaign, today)));
    const before = releasedOn(campaign, today);
    await campaignStore(tx).saveReleased(campaign.id, today, before + released);
    if ((await enrolmentStore(tx).countBacklog(timer.key)) === 0) return;
    const dueAt = nextRelease(tx.clock.now(), this.settings.companyZone);
    await timers(tx).schedule([{ kind: backlogRelease, key: timer.key, dueAt }]);
  }
}
