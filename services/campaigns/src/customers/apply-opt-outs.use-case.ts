import { Inject, Injectable } from '@nestjs/common';
import type { Transaction } from '@regulars/persistence';
import { CAMPAIGN_SETTINGS, type CampaignSettings } from '../campaigns.config.js';
import { sendStore } from '../dispatch/send.store.js';
import { customerFactsStore } from '../guardrails/customer-facts.store.js';
import { channelsOf } from '../ladders/plan-ladder.js';
import { TouchLedger, type Causes } from '../touches/touch-ledger.use-case.js';
import { touchStore } from '../touches/touch.store.js';
import { optedOut } from './opted-out.js';

/** Skips what a withdrawn consent forbids, in the transaction that applies the withdrawal. */
@Injectable()
export class ApplyOptOuts {
  constructor(
    @Inject(CAMPAIGN_SETTINGS) private readonly settings: CampaignSettings,
    private readonly ledger: TouchLedger,
  ) {}

  async run(tx: Transaction, customerIds: readonly string[], causes: Causes): Promise<void> {
    const open = customerIds.length === 0 ? [] : await touchStore(tx).openOfCustomers(customerIds);
    if (open.length === 0) return;
    const briefs = await sendStore(tx).briefs([...new Set(open.map((t) => t.campaignId))]);
    const { companyZone } = this.settings;
    const facts = await customerFactsStore(tx, { companyZone, consumer: tx.service }).load(
      customerIds,
      tx.clock.now(),
    );
    const forbidden = open.filter((touch) => {
      const customer = facts.get(touch.customerId);
      const brief = briefs.get(`${touch.campaignId}/${String(touch.campaignVersion)}`);
      if (!customer || !brief) return false;
      const channels = channelsOf(touch.channels, customer.preferredChannel);
      return optedOut(customer.consents, channels, brief.purpose, customer.lastStopAt);
    });
    await this.ledger.skip(tx, forbidden, 'no-consent', causes);
  }
}
