import { Inject, Injectable } from '@nestjs/common';
import type { Transaction } from '@regulars/persistence';
import { OnTimer, timers, type LeasedTimer, type TimerHandler } from '@regulars/timers';
import { CAMPAIGN_SETTINGS, type CampaignSettings } from '../campaigns.config.js';
import { campaignStore } from '../campaigns/campaign.store.js';
import { customerStore } from '../customers/customer.store.js';
import { enrolmentStore } from '../enrolments/enrolment.store.js';
import { backlogRelease, nextRelease } from './release-time.js';
import { ReleaseBacklog } from './release-backlog.use-case.js';

/** Every morning so many of the backlog begin their ladder, most money at risk first. */
@OnTimer(backlogRelease)
@Injectable()
export class OnBacklogRelease implements TimerHandler {
  constructor(
    @Inject(CAMPAIGN_SETTINGS) private readonly settings: CampaignSettings,
    private readonly release: ReleaseBacklog,
  ) {}

  async fire(leased: readonly LeasedTimer[], tx: Transaction): Promise<void> {
    for (const timer of leased) await this.one(timer, tx);
  }

  private async one(timer: LeasedTimer, tx: Transaction): Promise<void> {
    const seen = await campaignStore(tx).find(timer.key);
    const chosen = seen ? await this.release.choose(tx, seen) : [];
    await customerStore(tx).lockKnown(chosen.map(({ customerId }) => customerId));
    // Before the timer, in the order of whoever starts or pauses it.
    const campaign = await campaignStore(tx).lock(timer.key);
    if ((await timers(tx).take([timer])).length === 0 || campaign?.state !== 'running') return;
    await this.release.run(tx, campaign, chosen);
    if ((await enrolmentStore(tx).countBacklog(timer.key)) === 0) return;
    const dueAt = nextRelease(tx.clock.now(), this.settings.companyZone);
    await timers(tx).schedule([{ kind: backlogRelease, key: timer.key, dueAt }]);
  }
}
