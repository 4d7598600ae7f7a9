import type { Day } from '@regulars/kernel';
import type { CustomerHistory, Order, SegmentEvent, Touch } from './customer-history.js';
import { isNewer, type Position } from './position.js';

/*
 * Each function gives the history with one more event, or undefined when it already holds something as new. Their
 * outcome does not depend on the order of the calls: that is what makes late and repeated events harmless.
 */

export function withOrder(history: CustomerHistory, order: Order): CustomerHistory | undefined {
  const known = history.orders.get(order.key);
  if (known !== undefined && !isNewer(revisionOf(order), revisionOf(known))) return undefined;
  return { ...history, orders: new Map(history.orders).set(order.key, order) };
}

export function withSegment(
  history: CustomerHistory,
  event: SegmentEvent,
): CustomerHistory | undefined {
  const known = history.segments.some(
    ({ epoch, sequence }) => epoch === event.epoch && sequence === event.sequence,
  );
  return known ? undefined : { ...history, segments: [...history.segments, event] };
}

/** The newest state, but the earliest moment at which the customer was reached. */
export function withTouch(history: CustomerHistory, touch: Touch): CustomerHistory | undefined {
  const known = history.touches.get(touch.touchId);
  if (known === undefined) {
    return { ...history, touches: new Map(history.touches).set(touch.touchId, touch) };
  }
  const reachedAt = earliest(known.reachedAt, touch.reachedAt);
  const newest = isNewer(touch, known) ? touch : known;
  if (newest === known && reachedAt?.getTime() === known.reachedAt?.getTime()) return undefined;
  const touches = new Map(history.touches).set(touch.touchId, { ...newest, reachedAt });
  return { ...history, touches };
}

export function withErasure(history: CustomerHistory, day: Day): CustomerHistory | undefined {
  return history.erasedDay === null ? { ...history, erasedDay: day } : undefined;
}

/** `mergedDay` null = un-merged. */
export function withMerge(
  history: CustomerHistory,
  mergedDay: Day | null,
  at: Position,
): CustomerHistory | undefined {
  if (history.mergeAt !== null && !isNewer(at, history.mergeAt)) return undefined;
  return { ...history, mergedDay, mergeAt: { epoch: at.epoch, sequence: at.sequence } };
}

const revisionOf = ({ epoch, revision }: Order): Position => ({ epoch, sequence: revision });

function earliest(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}
