import { addDays, dayOf, daysBetween, type Day } from '@regulars/kernel';
import type { Audience, CampaignDefinition } from '../campaigns/campaign.js';
import { offsetsOf, planLadder, type PlannedStep } from '../ladders/plan-ladder.js';
import type { EndReason, Enrolment, WalkingCustomer } from './enrolment.js';
import { occasionOf, type Occasion } from './occasion.js';

export interface WalkedCampaign {
  readonly id: string;
  readonly version: number;
  /** False while it is paused: nobody new is enrolled. */
  readonly enrols: boolean;
  readonly startedDay: Day;
  readonly definition: CampaignDefinition;
  /** The version that a running enrolment began with. */
  definitionOf(version: number): CampaignDefinition;
}

export type WalkChange =
  | { readonly kind: 'end'; readonly enrolment: Enrolment; readonly reason: EndReason }
  | {
      readonly kind: 'move';
      readonly enrolment: Enrolment;
      readonly occasion: Occasion;
      readonly steps: readonly PlannedStep[];
    }
  | {
      readonly kind: 'enrol';
      readonly occasion: Occasion;
      readonly leadDays: number;
      readonly steps: readonly PlannedStep[];
    }
  | { readonly kind: 'backlog'; readonly occasion: Occasion; readonly leadDays: number };

/** A purchase that reached us late still starts its ladder, shifted, if it is not older than this. */
const lateByAtMostDays = 3;

/**
 * What the facts about one customer mean for one campaign: which ladders end, move or begin. Pure, and settled: once
 * its changes are applied, the same facts give no more changes.
 */
export function decideWalk(
  campaign: WalkedCampaign,
  customer: WalkingCustomer,
  enrolments: readonly Enrolment[],
  now: Date,
): WalkChange[] {
  const today = dayOf(now, customer.timeZone);
  const changes = enrolments
    .filter((enrolment) => enrolment.state !== 'ended')
    .flatMap((enrolment) => follow(campaign, customer, enrolment, today));
  const occasion = occasionOf(campaign.definition.trigger, customer);
  if (typeof occasion === 'string' || !mayEnrol(campaign, customer, enrolments, occasion))
    return changes;
  return [...changes, ...begin(campaign, customer, occasion, today)];
}

function follow(
  campaign: WalkedCampaign,
  customer: WalkingCustomer,
  enrolment: Enrolment,
  today: Day,
): WalkChange[] {
  const definition = campaign.definitionOf(enrolment.campaignVersion);
  const occasion = occasionOf(definition.trigger, customer);
  const reason = endReason(definition, customer, enrolment, occasion);
  if (reason) return [{ kind: 'end', enrolment, reason }];
  if (typeof occasion === 'string') return [];
  const moved =
    occasion.triggerDay !== enrolment.triggerDay ||
    occasion.lastPurchaseDay !== enrolment.lastPurchaseDay;
  if (!moved || enrolment.released) return [];
  const steps = stepsOf(definition, customer, occasion);
  // A day that a refit moved behind us is no reason to drop what is still planned.
  if (isPast(steps, occasion.triggerDay, today)) return [];
  return [{ kind: 'move', enrolment, occasion, steps }];
}

function endReason(
  definition: CampaignDefinition,
  customer: WalkingCustomer,
  enrolment: Enrolment,
  occasion: Occasion | 'unknown' | 'none',
): EndReason | undefined {
  if (customer.merged) return 'merged';
  const last = customer.lastPurchase;
  if (last && last.day > enrolment.lastPurchaseDay && last.cycle !== enrolment.cycle)
    return 'purchased';
  if (!isInAudience(definition.audience, customer)) return 'left-audience';
  if (occasion === 'none') return 'forecast-withdrawn';
  if (occasion !== 'unknown' && !isSameCycle(enrolment, occasion)) return 'corrected';
  return undefined;
}

function mayEnrol(
  campaign: WalkedCampaign,
  customer: WalkingCustomer,
  enrolments: readonly Enrolment[],
  occasion: Occasion,
): boolean {
  return (
    campaign.enrols &&
    !customer.merged &&
    !customer.stopStanding &&
    isInAudience(campaign.definition.audience, customer) &&
    !enrolments.some((enrolment) => isSameCycle(enrolment, occasion))
  );
}

/** The day counts as well as the id: a second order of that day, or one taken back, starts nothing anew. */
function isSameCycle(enrolment: Enrolment, occasion: Occasion): boolean {
  return (
    enrolment.cycle === occasion.cycle || enrolment.lastPurchaseDay === occasion.lastPurchaseDay
  );
}

function begin(
  campaign: WalkedCampaign,
  customer: WalkingCustomer,
  occasion: Occasion,
  today: Day,
): WalkChange[] {
  const { definition } = campaign;
  const offsets = offsetsOf(definition, occasion.cycleDays);
  const lead = Math.max(0, -Math.min(...offsets));
  const steps = planLadder(definition, offsets, occasion.triggerDay, customer.timeZone);
  if (!isPast(steps, occasion.triggerDay, today))
    return [{ kind: 'enrol', occasion, leadDays: lead, steps }];
  if (definition.trigger.kind === 'due-day') return [{ kind: 'backlog', occasion, leadDays: lead }];

  const first = steps[0]?.day ?? occasion.triggerDay;
  if (first < campaign.startedDay) return [];
  const lateBy = daysBetween(first, today);
  if (lateBy > lateByAtMostDays) return [{ kind: 'enrol', occasion, leadDays: lead, steps }];
  const shifted = addDays(occasion.triggerDay, lateBy);
  const late = planLadder(definition, offsets, shifted, customer.timeZone);
  return [{ kind: 'enrol', occasion, leadDays: lead, steps: late }];
}

/** Both the day itself and the ladder's start are behind: this customer belongs to the backlog. */
function isPast(steps: readonly PlannedStep[], triggerDay: Day, today: Day): boolean {
  const start = steps[0]?.day ?? triggerDay;
  return triggerDay < today && start < today;
}

function stepsOf(
  definition: CampaignDefinition,
  customer: WalkingCustomer,
  occasion: Occasion,
): PlannedStep[] {
  const offsets = offsetsOf(definition, occasion.cycleDays);
  return planLadder(definition, offsets, occasion.triggerDay, customer.timeZone);
}

export function isInAudience(
  audience: Audience,
  { segment, lostKind }: Pick<WalkingCustomer, 'segment' | 'lostKind'>,
): boolean {
  if (segment === undefined || !audience.segments.includes(segment)) return false;
  if (segment !== 'lost' || audience.lostKinds.length === 0) return true;
  return lostKind !== undefined && audience.lostKinds.includes(lostKind);
}
