import type { Day } from '@regulars/kernel';
import type { CustomerHistory, SegmentEvent, SegmentSeries } from './customer-history.js';
import { isNewer } from './position.js';

/** The customer was in `series` from `from` up to, and without, `until`; null = still is. */
export interface SegmentSpan {
  readonly series: SegmentSeries;
  readonly from: Day;
  readonly until: Day | null;
}

/**
 * Where the customer stood when: on each day the newest event among those that hold by then decides. A customer
 * who was merged away or erased stands nowhere from that day on.
 */
export function segmentSpans(history: CustomerHistory): SegmentSpan[] {
  const steps = rising([...history.segments].sort(byDayAndPosition));
  const end = goneDay(history);
  return steps.flatMap((step, index) => {
    const next = steps[index + 1]?.day ?? null;
    const until = end !== null && (next === null || end < next) ? end : next;
    return until !== null && until <= step.day
      ? []
      : [{ series: step.series, from: step.day, until }];
  });
}

/** The day from which the customer is no customer of the segments any more; null = is one. */
export function goneDay({ erasedDay, mergedDay }: CustomerHistory): Day | null {
  if (erasedDay === null || mergedDay === null) return erasedDay ?? mergedDay;
  return erasedDay < mergedDay ? erasedDay : mergedDay;
}

/**
 * The segment in which a purchase of that day found the customer: before the purchase itself moved anything, but
 * after time did (at midnight). Undefined when nothing was known about the customer by then, as in imported history.
 */
export function segmentBefore(
  segments: readonly SegmentEvent[],
  day: Day,
): SegmentSeries | undefined {
  let newest: SegmentEvent | undefined;
  for (const event of segments) {
    const held = event.day < day || (event.day === day && event.cause === 'time');
    if (held && (newest === undefined || isNewer(event, newest))) newest = event;
  }
  return newest?.series;
}

/** Leaves out what something newer had replaced already. */
function rising(events: readonly SegmentEvent[]): SegmentEvent[] {
  const steps: SegmentEvent[] = [];
  for (const event of events) {
    const last = steps.at(-1);
    if (last !== undefined && !isNewer(event, last)) continue;
    if (last?.day === event.day) steps.pop();
    steps.push(event);
  }
  return steps;
}

function byDayAndPosition(one: SegmentEvent, other: SegmentEvent): number {
  if (one.day !== other.day) return one.day < other.day ? -1 : 1;
  return one.epoch - other.epoch || one.sequence - other.sequence;
}
