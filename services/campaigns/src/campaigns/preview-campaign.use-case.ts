import { Inject, Injectable } from '@nestjs/common';
import { addDays, dayOf, type Day } from '@regulars/kernel';
import { Database } from '@regulars/persistence';
import { CAMPAIGN_SETTINGS, type CampaignSettings } from '../campaigns.config.js';
import { decideWalk, type WalkChange } from '../enrolments/decide-walk.js';
import { enrolmentStore } from '../enrolments/enrolment.store.js';
import { standingCycles } from '../enrolments/standing-cycles.js';
import { toWalked } from '../enrolments/walk-ladders.use-case.js';
import { walkingCustomerStore } from '../enrolments/walking-customer.store.js';
import { audienceStore } from './audience.store.js';
import type { CampaignRow } from './campaign.store.js';

const CHUNK = 1_000;
const SHOWN = 100;

export interface PreviewedCustomer {
  readonly customerId: string;
  readonly triggerDay: Day;
  readonly moneyAtRiskMinor: number;
}

export interface CampaignPreview {
  readonly inAudience: number;
  /** Would be enrolled at once, by the day of their first step. */
  readonly enrolled: number;
  readonly firstSteps: { readonly next7Days: number; readonly next30Days: number };
  /** Past their day: released so many a day, most money at risk first. */
  readonly backlog: {
    readonly size: number;
    readonly perDay: number;
    readonly days: number;
    readonly first: readonly PreviewedCustomer[];
  };
}

/** Who would be touched if the campaign started now. Reads only; the same decision as the start itself. */
@Injectable()
export class PreviewCampaign {
  constructor(
    private readonly database: Database,
    @Inject(CAMPAIGN_SETTINGS) private readonly settings: CampaignSettings,
  ) {}

  async run(campaign: CampaignRow): Promise<CampaignPreview> {
    const now = this.database.clock.now();
    const walked = {
      ...toWalked(campaign, new Map(), this.settings.companyZone),
      enrols: true,
      startedDay: dayOf(campaign.startedAt ?? now, this.settings.companyZone),
    };
    const firstDays: Day[] = [];
    const backlog: PreviewedCustomer[] = [];
    let inAudience = 0;
    for (let after = ''; ;) {
      const ids = await audienceStore(this.database).idsAfter(
        campaign.definition.audience,
        after,
        CHUNK,
      );
      inAudience += ids.length;
      const changes = await this.changes(walked, ids, now);
      for (const { customerId, change } of changes) {
        if (change.kind === 'enrol') firstDays.push(change.steps[0]?.day ?? '');
        if (change.kind === 'backlog')
          backlog.push({
            customerId,
            triggerDay: change.occasion.triggerDay,
            moneyAtRiskMinor: change.occasion.moneyAtRiskMinor,
          });
      }
      after = ids.at(-1) ?? '';
      if (ids.length < CHUNK) break;
    }
    const waiting = await enrolmentStore(this.database).countBacklog(campaign.id);
    return summary(campaign, inAudience, firstDays, backlog, waiting, now, this.settings);
  }

  private async changes(
    walked: ReturnType<typeof toWalked>,
    ids: readonly string[],
    now: Date,
  ): Promise<{ customerId: string; change: WalkChange }[]> {
    const store = walkingCustomerStore(this.database, this.settings.companyZone);
    const customers = await store.load(ids);
    const enrolments = Map.groupBy(
      await enrolmentStore(this.database).relevant(ids, [walked.id], standingCycles(customers)),
      ({ customerId }) => customerId,
    );
    return customers.flatMap((customer) =>
      decideWalk(walked, customer, enrolments.get(customer.id) ?? [], now).map((change) => ({
        customerId: customer.id,
        change,
      })),
    );
  }
}

function summary(
  campaign: CampaignRow,
  inAudience: number,
  firstDays: readonly Day[],
  backlog: readonly PreviewedCustomer[],
  waiting: number,
  now: Date,
  settings: CampaignSettings,
): CampaignPreview {
  const today = dayOf(now, settings.companyZone);
  const within = (days: number) => firstDays.filter((day) => day < addDays(today, days)).length;
  const perDay = campaign.definition.backlogPerDay;
  const size = backlog.length + waiting;
  return {
    inAudience,
    enrolled: firstDays.length,
    firstSteps: { next7Days: within(7), next30Days: within(30) },
    backlog: {
      size,
      perDay,
      days: Math.ceil(size / perDay),
      first: backlog.toSorted((a, b) => b.moneyAtRiskMinor - a.moneyAtRiskMinor).slice(0, SHOWN),
    },
  };
}
