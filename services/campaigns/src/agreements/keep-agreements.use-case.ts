import { Inject, Injectable } from '@nestjs/common';
import { dayOf } from '@regulars/kernel';
import type { Transaction } from '@regulars/persistence';
import { timers } from '@regulars/timers';
import { CAMPAIGN_SETTINGS, type CampaignSettings } from '../campaigns.config.js';
import { ApplyWalk } from '../enrolments/apply-walk.use-case.js';
import { enrolmentStore } from '../enrolments/enrolment.store.js';
import type { PurchaseRow } from '../purchases/newest-orders.js';
import { taskStore } from '../tasks/task.store.js';
import type { Causes } from '../touches/touch-ledger.use-case.js';
import { agreementStore } from './agreement.store.js';
import { agreementDue } from './make-agreement.use-case.js';

/** A purchase since the agreement keeps it, and leaves nothing to call about. */
@Injectable()
export class KeepAgreements {
  constructor(
    @Inject(CAMPAIGN_SETTINGS) private readonly settings: CampaignSettings,
    private readonly applyWalk: ApplyWalk,
  ) {}

  async run(tx: Transaction, orders: readonly PurchaseRow[], causes: Causes): Promise<void> {
    const live = orders.filter(({ counts, purchase }) => counts && !purchase.imported);
    if (live.length === 0) return;
    const newestDay = new Map<string, string>();
    for (const { customerId, purchase } of live)
      if (purchase.purchaseDay > (newestDay.get(customerId) ?? ''))
        newestDay.set(customerId, purchase.purchaseDay);

    const zone = this.settings.companyZone;
    await taskStore(tx).closeBought(newestDay, zone, tx.clock.now());
    const open = await agreementStore(tx).openOf([...newestDay.keys()]);
    const kept = open
      .filter(({ customerId, madeAt }) => (newestDay.get(customerId) ?? '') >= dayOf(madeAt, zone))
      .map(({ id }) => id);
    await agreementStore(tx).settle(kept, 'kept', tx.clock.now());
    await timers(tx).cancel(agreementDue, kept);
    const walks = await enrolmentStore(tx).ofCycles(kept);
    await this.applyWalk.end(
      tx,
      walks.map(({ id }) => ({ enrolmentId: id, reason: 'purchased' })),
      causes,
    );
  }
}
