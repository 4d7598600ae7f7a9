import type { Channel, CycleSegment, Directness, LostKind } from '@regulars/contracts';

/** Day of a step: whole days from the trigger day, or a share of the lead (-1 = a whole lead before it). */
export type StepDay = { readonly days: number } | { readonly leadShare: number };

export interface LadderStep {
  /** Counted from 1. */
  readonly step: number;
  readonly day: StepDay;
  readonly directness: Directness;
  /** `preferred`: the customer's own choice; the fallbacks follow in their order. */
  readonly channel: Channel | 'preferred';
  readonly fallbacks: readonly Channel[];
  /** Key of a template; without one, the built-in words of the step's directness. */
  readonly template?: string;
  /** A fixed version; without one, the newest at dispatch. */
  readonly templateVersion?: number;
  readonly offerId?: string;
  /** Local hour of the customer. */
  readonly hour: number;
}

/** `due-day`: the day on which the need returns, where there is none the reminder day. */
export type Trigger =
  | { readonly kind: 'due-day'; readonly daysAfter: number }
  | { readonly kind: 'purchase'; readonly daysAfter: number };

/** Days before the due day at which a ladder starts: a share of the cycle within bounds. */
export interface LeadRule {
  readonly share: number;
  readonly minDays: number;
  readonly maxDays: number;
}

export interface Audience {
  readonly segments: readonly CycleSegment[];
  /** For `lost`: only these kinds; empty = both. */
  readonly lostKinds: readonly LostKind[];
}

/** One version of a campaign. Running enrolments keep the version they began with. */
export interface CampaignDefinition {
  readonly name: string;
  /** Which consent its touches need. */
  readonly purpose: string;
  readonly audience: Audience;
  readonly trigger: Trigger;
  readonly lead: LeadRule;
  /** Cycles shorter than this run the ladder only when the customer is overdue. */
  readonly shortCycleDays: number;
  readonly ladder: readonly LadderStep[];
  readonly backlogPerDay: number;
}

export const campaignStates = ['draft', 'running', 'paused', 'built-in'] as const;
export type CampaignState = (typeof campaignStates)[number];

export interface Campaign {
  readonly id: string;
  readonly state: CampaignState;
  readonly version: number;
  readonly definition: CampaignDefinition;
}

/** Stands behind touches that no marketer planned: agreements and answers that came by themselves. */
export const conversationsId = '00000000-0000-7000-8000-000000000001';
