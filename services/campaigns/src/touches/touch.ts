import type { AnswerKind, Channel, CycleSegment, Directness } from '@regulars/contracts';

export const touchStates = [
  'planned',
  'deferred',
  'skipped',
  'captured',
  'sending',
  'sent',
  'delivered',
  'failed',
  'unknown',
  'answered',
] as const;
export type TouchState = (typeof touchStates)[number];

/** One planned contact of one customer: the row of the send-once ledger. */
export interface Touch {
  readonly id: string;
  readonly customerId: string;
  readonly campaignId: string;
  readonly campaignVersion: number;
  readonly enrolmentId: string;
  readonly step: number;
  readonly cycle: string;
  readonly directness: Directness;
  readonly channel: Channel;
  /** In the order of preference; may hold `preferred`. */
  readonly channels: readonly string[];
  readonly dueAt: Date;
  readonly expiresAt: Date;
  readonly state: TouchState;
  /** Why now, or why not. */
  readonly reason: string;
  readonly template: string | null;
  readonly templateVersion: number | null;
  /** The words that were used, as `key/version`. */
  readonly templateUsed: string | null;
  readonly offerId: string | null;
  /** Set when the touch fulfils an agreement: nothing silences it. */
  readonly agreementId: string | null;
  readonly segment: CycleSegment | null;
  readonly forecastModelVersion: string | null;
  readonly forecastEpoch: number | null;
  readonly forecastSequence: number | null;
  readonly attempts: number;
  readonly sentAt: Date | null;
  readonly providerReference: string | null;
  readonly answer: AnswerKind | null;
}

/** A touch before it is stored. */
export type NewTouch = Omit<
  Touch,
  'state' | 'templateUsed' | 'attempts' | 'sentAt' | 'providerReference' | 'answer'
> & {
  /** Set when its day is already behind: it is stored as skipped, so that the history tells. */
  readonly passed: boolean;
};

/** What became of a touch, for its history and the topic. */
export interface TouchChange {
  readonly touch: Touch;
  readonly type: TouchEventType;
  readonly until?: Date;
  readonly final?: boolean;
}

export type TouchEventType =
  | 'TouchPlanned'
  | 'TouchDeferred'
  | 'TouchSkipped'
  | 'TouchCaptured'
  | 'TouchSending'
  | 'TouchSent'
  | 'TouchDelivered'
  | 'TouchFailed'
  | 'TouchUnknown';
