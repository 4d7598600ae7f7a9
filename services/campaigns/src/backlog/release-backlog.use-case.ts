import { Inject, Injectable } from '@nestjs/common';
import { dayOf } from '@regulars/kernel';
import type { Transaction } from '@regulars/persistence';
import { CAMPAIGN_SETTINGS, type CampaignSettings } from '../campaigns.config.js';
import { campaignStore, type CampaignRow } from '../campaigns/campaign.store.js';
import type { NewEnrolment, WalkingCustomer } from '../enrolments/enrolment.js';
import { enrolmentStore } from '../enrolments/enrolment.store.js';
import { newTouches } from '../enrolments/new-touches.js';
import { walkingCustomerStore } from '../enrolments/walking-customer.store.js';
import { WalkLadders } from '../enrolments/walk-ladders.use-case.js';
import { TouchLedger } from '../touches/touch-ledger.use-case.js';
import { releaseLadder } from './release-ladder.js';

/** Takes the most valuable customers out of a campaign's backlog and hangs their ladders on today. */
@Injectable()
export class ReleaseBacklog {
  constructor(
    @Inject(CAMPAIGN_SETTINGS) private readonly settings: CampaignSettings,
    private readonly walkLadders: WalkLadders,
    private readonly ledger: TouchLedger,
  ) {}

  /** Their customers are locked. Whoever bought or left the audience meanwhile is not released. How many were. */
  async run(
    tx: Transaction,
    campaign: CampaignRow,
    chosen: readonly NewEnrolment[],
  ): Promise<number> {
    const ids = chosen.map(({ customerId }) => customerId);
    await this.walkLadders.run(tx, new Map(ids.map((id) => [id, undefined])));
    const waiting = await enrolmentStore(tx).stillBacklog(chosen.map(({ id }) => id));
    if (waiting.length === 0) return 0;
    const customers = await walkingCustomerStore(tx, this.settings.companyZone).load(ids);
    const byId = new Map(customers.map((customer) => [customer.id, customer]));
    const versions = await campaignStore(tx).versionsOf([campaign.id]);
    const definitions = new Map(versions.map((v) => [v.version, v.definition]));
    await enrolmentStore(tx).release(waiting.map(({ id }) => id));
    await this.ledger.plan(
      tx,
      waiting.flatMap((enrolment) => {
        const customer = byId.get(enrolment.customerId);
        const definition = definitions.get(enrolment.campaignVersion) ?? campaign.definition;
        if (!customer) return [];
        const today = dayOf(tx.clock.now(), customer.timeZone);
        const steps = releaseLadder(definition, cycleDaysOf(customer), today, customer.timeZone);
        return newTouches(enrolment, steps, customer, 'backlog', today);
      }),
    );
    return waiting.length;
  }
}

function cycleDaysOf({ forecast }: WalkingCustomer): number {
  return forecast.state === 'current' ? (forecast.forecast.cycleDays ?? 0) : 0;
}
