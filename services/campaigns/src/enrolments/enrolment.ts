import type { CycleSegment, LostKind, Channel } from '@regulars/contracts';
import type { Day } from '@regulars/kernel';
import type { SkipReason } from '../guardrails/reasons.js';

export type EnrolmentState = 'backlog' | 'running' | 'ended';
/** Why a ladder ended: what its open touches are skipped with, or all of them are done. */
export type EndReason = SkipReason | 'completed';

/** One customer walking one campaign for one cycle. */
export interface Enrolment {
  readonly id: string;
  readonly campaignId: string;
  readonly campaignVersion: number;
  readonly customerId: string;
  readonly cycle: string;
  readonly state: EnrolmentState;
  readonly triggerDay: Day;
  /** The last purchase that the ladder hangs on: a purchase on a later day ends it. */
  readonly lastPurchaseDay: Day;
  /** Taken from the backlog and hung on the day of its release: moved due days no longer matter. */
  readonly released: boolean;
}

/** The last day on which the customer bought, as campaigns itself knows it. */
export interface LastPurchase {
  readonly day: Day;
  /** The smallest purchase id of that day. */
  readonly cycle: string;
  readonly imported: boolean;
}

export interface StandingForecast {
  readonly cycle: string;
  readonly lastPurchaseDay: Day;
  readonly dueDay?: Day;
  readonly remindDay?: Day;
  readonly cycleDays?: number;
  readonly expectedValueMinor?: number;
  readonly modelVersion: string;
  readonly epoch: number;
  readonly sequence: number;
}

/** `pending`: the forecast knows other purchases than we do; act when both agree. */
export type ForecastView =
  | { readonly state: 'none' }
  | { readonly state: 'pending' }
  | { readonly state: 'current'; readonly forecast: StandingForecast };

/** All that decides which ladders a customer walks. */
export interface WalkingCustomer {
  readonly id: string;
  readonly merged: boolean;
  readonly stopStanding: boolean;
  readonly segment?: CycleSegment;
  readonly lostKind?: LostKind;
  readonly timeZone: string;
  readonly preferredChannel?: Channel;
  readonly lastPurchase?: LastPurchase;
  readonly forecast: ForecastView;
}

/** An enrolment with what its touches take over from it. */
export interface NewEnrolment extends Enrolment {
  readonly leadDays: number;
  readonly moneyAtRiskMinor: number;
  readonly segment: string | null;
  readonly forecastModelVersion: string | null;
  readonly forecastEpoch: number | null;
  readonly forecastSequence: number | null;
}
