import type { Consumed, DeepReadonly, ForecastUpdated } from '@regulars/contracts';
import { dayOf, type Day } from '@regulars/kernel';
import { nextBoundary, noPurchases, type CycleFacts } from './decide-segment.js';
import {
  decideMembership,
  type Membership,
  type SegmentCause,
  type SegmentMove,
} from './membership.js';

export interface Pair {
  readonly epoch: number;
  readonly sequence: number;
}

/** The newest forecast that was applied: `at` is its own position, `basedOn` that of the purchase it answers. */
export interface LastForecast {
  readonly at: Pair;
  readonly basedOn: Pair;
  readonly facts: CycleFacts;
}

/** What this service knows about a customer. */
export interface CustomerState {
  readonly customerId: string;
  readonly erased: boolean;
  readonly forecast?: LastForecast;
  readonly membership?: Membership;
}

/** A decision on a customer; the timer has to stand at `boundary`, and is not needed without one. */
export interface Decided {
  readonly state: CustomerState;
  readonly move?: SegmentMove;
  readonly boundary?: Day;
}

export type FoldedForecast =
  (Decided & { readonly outcome: 'applied' }) | { readonly outcome: 'superseded' };

/**
 * One forecast event on one customer. A forecast that is not newer, or that knew fewer purchase events than the
 * stored one, is superseded: a redriven or restored event never puts old over new. It is decided as of the day on
 * which it was recorded, not of its arrival, so that a late reader decides the same.
 */
export function foldForecast(
  state: CustomerState,
  event: Consumed<'forecast'>,
  timeZone: string,
  now: Date,
): FoldedForecast {
  if (state.erased) return { outcome: 'superseded' };
  const last = state.forecast;
  if (last !== undefined && !isNewer(event, last.at)) return { outcome: 'superseded' };

  const at = { epoch: event.epoch, sequence: event.sequence };
  if (event.type === 'Tombstone') {
    const basedOn = last?.basedOn ?? { epoch: 0, sequence: 0 };
    const forecast = { at, basedOn, facts: noPurchases };
    return { outcome: 'applied', ...decide(state, forecast, dayOf(now, timeZone), 'correction') };
  }
  const { epoch, sequence } = event.data.basedOn;
  if (last !== undefined && isNewer(last.basedOn, { epoch, sequence })) {
    return { outcome: 'superseded' };
  }
  const forecast = { at, basedOn: { epoch, sequence }, facts: factsOf(event.data) };
  const day = dayOf(event.recordedAt, timeZone);
  return { outcome: 'applied', ...decide(state, forecast, day, event.data.cause) };
}

/** Time alone moves the customer: the same facts, decided as of a later day. */
export function passBoundary(state: CustomerState, day: Day): Decided {
  if (state.erased || state.forecast === undefined) return { state };
  return decide(state, state.forecast, day, 'time');
}

/** A customer became known; purchases that came before the customer already decided. */
export function register(state: CustomerState, day: Day): Decided {
  if (state.erased || state.membership !== undefined) return { state };
  const { membership, move } = decideMembership(undefined, noPurchases, day, 'registered');
  return { state: { ...state, membership }, ...(move === undefined ? {} : { move }) };
}

function decide(
  state: CustomerState,
  forecast: LastForecast,
  day: Day,
  cause: SegmentCause,
): Decided {
  const { membership, move } = decideMembership(state.membership, forecast.facts, day, cause);
  const boundary = nextBoundary(forecast.facts, day);
  return {
    state: { ...state, forecast, membership },
    ...(move === undefined ? {} : { move }),
    ...(boundary === undefined ? {} : { boundary }),
  };
}

function factsOf(data: DeepReadonly<ForecastUpdated>): CycleFacts {
  const { purchaseCount, lastPurchaseDay, cycleDays, gapVariation, pRegular, pNoCycle } = data;
  const { newUntilDay, lostDay, modelVersion } = data;
  return {
    purchaseCount,
    lastPurchaseDay,
    cycleDays,
    gapVariation,
    pRegular,
    pNoCycle,
    newUntilDay,
    lostDay,
    modelVersion,
  };
}

export function isNewer(one: Pair, other: Pair): boolean {
  return one.epoch > other.epoch || (one.epoch === other.epoch && one.sequence > other.sequence);
}
