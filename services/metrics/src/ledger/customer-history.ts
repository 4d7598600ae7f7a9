import type { Channel, SegmentChanged } from '@regulars/contracts';
import type { Day } from '@regulars/kernel';
import type { Position } from './position.js';

/** An order in its newest state. No `day`: removed or fully refunded, it counts nowhere. */
export interface Order {
  readonly key: string;
  readonly epoch: number;
  readonly revision: number;
  readonly day: Day | null;
  readonly purchasedAt: Date;
  readonly currency: string;
  readonly totalMinor: number;
}

/** The segments as reports show them: the two kinds of `lost` apart. */
export const segmentSeries = [
  'regular',
  'periodic',
  'one-time',
  'lapsed',
  'no-cycle',
  'new',
  'no-purchase',
] as const;
export type SegmentSeries = (typeof segmentSeries)[number];

/** From `day` on the customer is in `series`, until a newer event says otherwise. */
export interface SegmentEvent extends Position {
  readonly day: Day;
  readonly series: SegmentSeries;
  readonly cause: SegmentChanged['cause'];
}

export const touchOutcomes = [
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
export type TouchOutcome = (typeof touchOutcomes)[number];

/** A touch in its newest state. */
export interface Touch extends Position {
  readonly touchId: string;
  /** The local day of the company on which it is, or was, due. */
  readonly day: Day;
  readonly channel: Channel;
  readonly campaignId: string;
  readonly outcome: TouchOutcome;
  /** Why it was skipped or deferred, or what was answered; else empty. */
  readonly detail: string;
  /** When it first left or was captured; a later purchase may be credited to it. */
  readonly reachedAt: Date | null;
}

/** All that the reports know about one customer: each part is the newest state by its position. */
export interface CustomerHistory {
  readonly customerId: string;
  readonly erasedDay: Day | null;
  /** Since then the customer stands for another one. */
  readonly mergedDay: Day | null;
  readonly mergeAt: Position | null;
  readonly orders: ReadonlyMap<string, Order>;
  readonly segments: readonly SegmentEvent[];
  readonly touches: ReadonlyMap<string, Touch>;
}

export function unknownCustomer(customerId: string): CustomerHistory {
  return {
    customerId,
    erasedDay: null,
    mergedDay: null,
    mergeAt: null,
    orders: new Map(),
    segments: [],
    touches: new Map(),
  };
}
