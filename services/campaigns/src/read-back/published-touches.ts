import type { Consumed } from '@regulars/contracts';
import type { TouchState } from '../touches/touch.js';

export type TouchEvent = Consumed<'touch'>;

const states: Readonly<Record<TouchEvent['type'], TouchState>> = {
  TouchPlanned: 'planned',
  TouchDeferred: 'deferred',
  TouchSkipped: 'skipped',
  TouchCaptured: 'captured',
  TouchSending: 'sending',
  TouchSent: 'sent',
  TouchDelivered: 'delivered',
  TouchFailed: 'failed',
  TouchUnknown: 'unknown',
  TouchAnswered: 'answered',
};

/** How far a touch has come: one that left never stands before one that has not. */
const ranks: Readonly<Record<TouchState, number>> = {
  planned: 0,
  deferred: 0,
  sending: 1,
  skipped: 2,
  captured: 2,
  sent: 2,
  failed: 2,
  unknown: 2,
  delivered: 3,
  answered: 4,
};

/** The state that an event tells of. A refusal that is not final leaves the touch deferred. */
export function stateOf(event: TouchEvent): TouchState {
  return event.type === 'TouchFailed' && !event.data.final ? 'deferred' : states[event.type];
}

/** Of each touch the newest event. */
export function newestOfTouches(events: Iterable<TouchEvent>): Map<string, TouchEvent> {
  const newest = new Map<string, TouchEvent>();
  for (const event of events) {
    const held = newest.get(event.data.touchId);
    const older =
      held !== undefined &&
      (event.epoch < held.epoch || (event.epoch === held.epoch && event.sequence <= held.sequence));
    if (!older) newest.set(event.data.touchId, event);
  }
  return newest;
}

/**
 * Whether a touch has come further than its row knows. One that has not left and has no row is left out: its ladder is
 * planned anew from the events of others.
 */
export function isLacking(
  event: TouchEvent,
  row: { readonly state: TouchState; readonly answer: string | null } | undefined,
): boolean {
  const known = row === undefined ? 0 : ranks[row.answer === null ? row.state : 'answered'];
  return ranks[stateOf(event)] > known;
}
