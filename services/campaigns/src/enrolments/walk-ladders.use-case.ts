import { Inject, Injectable } from '@nestjs/common';
import { SERVICE_CONFIG, type ServiceConfig } from '@regulars/config';
import { dayOf } from '@regulars/kernel';
import type { Transaction } from '@regulars/persistence';
import { campaignStore, type CampaignRow } from '../campaigns/campaign.store.js';
import type { Causes } from '../touches/touch-ledger.use-case.js';
import { ApplyWalk, type CustomerWalk } from './apply-walk.use-case.js';
import { decideWalk, type WalkedCampaign } from './decide-walk.js';
import { enrolmentStore } from './enrolment.store.js';
import { standingCycles } from './standing-cycles.js';
import { walkingCustomerStore } from './walking-customer.store.js';

/**
 * After any change of facts: which ladders of these customers end, move or begin. The customers are locked by the
 * caller; the same facts twice change nothing.
 */
@Injectable()
export class WalkLadders {
  constructor(
    @Inject(SERVICE_CONFIG) private readonly config: Pick<ServiceConfig, 'timeZone'>,
    private readonly applyWalk: ApplyWalk,
  ) {}

  async run(tx: Transaction, causes: Causes): Promise<void> {
    if (causes.size === 0) return;
    // Read after the customers are locked: a campaign that starts meanwhile is seen here or waits for the lock.
    const campaigns = await this.campaigns(tx);
    if (campaigns.length === 0) return;
    const ids = [...causes.keys()];
    const customers = await walkingCustomerStore(tx, this.config.timeZone).load(ids);
    const enrolments = Map.groupBy(
      await enrolmentStore(tx).relevant(
        ids,
        campaigns.map(({ id }) => id),
        standingCycles(customers),
      ),
      ({ campaignId, customerId }) => campaignId + customerId,
    );

    const now = tx.clock.now();
    const walks = customers.flatMap((customer) =>
      campaigns.map((campaign): CustomerWalk => {
        const known = enrolments.get(campaign.id + customer.id) ?? [];
        const changes = decideWalk(campaign, customer, known, now);
        return { campaign, customer, changes };
      }),
    );
    await this.applyWalk.run(
      tx,
      walks.filter(({ changes }) => changes.length > 0),
      causes,
    );
  }

  private async campaigns(tx: Transaction): Promise<WalkedCampaign[]> {
    const rows = await campaignStore(tx).walked();
    if (rows.length === 0) return [];
    const versions = await campaignStore(tx).versionsOf(rows.map(({ id }) => id));
    const definitions = new Map(
      versions.map(({ campaignId, version, definition }) => [
        `${campaignId}/${String(version)}`,
        definition,
      ]),
    );
    return rows.map((row) => toWalked(row, definitions, this.config.timeZone));
  }
}

export function toWalked(
  row: CampaignRow,
  definitions: ReadonlyMap<string, CampaignRow['definition']>,
  companyZone: string,
): WalkedCampaign {
  return {
    id: row.id,
    version: row.version,
    enrols: row.state === 'running',
    startedDay: dayOf(row.startedAt ?? row.createdAt, companyZone),
    definition: row.definition,
    definitionOf: (version) => definitions.get(`${row.id}/${String(version)}`) ?? row.definition,
  };
}
