import type { Day } from '@regulars/kernel';
import type { CustomerHistory, SegmentSeries } from '../ledger/customer-history.js';
import { yearAfter } from '../ledger/period.js';
import { goneDay, segmentSpans } from '../ledger/segment-spans.js';
import type { Tally } from './tally.js';

/** Beside the segments: who was `regular` or `periodic` a year before, and who of them is `lapsed` now. */
export const churnSeries = ['churn-base', 'churned'] as const;
export type MembershipSeries = SegmentSeries | (typeof churnSeries)[number];

/** Days [from, until); null = open. */
interface Span {
  readonly from: Day;
  readonly until: Day | null;
}

/**
 * Adds the customer's comings and goings: +1 on the day a span begins, -1 on the day it ends. The size of a series
 * on a day is then the sum of all changes up to it, and costs the same however many customers there are.
 */
export function addMemberships(
  totals: { readonly memberships: Tally },
  history: CustomerHistory,
): void {
  const add = (series: MembershipSeries, { from, until }: Span) => {
    totals.memberships.add([from, series], [1]);
    if (until !== null) totals.memberships.add([until, series], [-1]);
  };
  const spans = segmentSpans(history);
  for (const span of spans) add(span.series, span);

  const bases = spans.filter(({ series }) => series === 'regular' || series === 'periodic');
  for (const base of bases) {
    const aYearOn = cut(shifted(base), goneDay(history));
    if (aYearOn === undefined) continue;
    add('churn-base', aYearOn);
    for (const span of spans) {
      if (span.series !== 'lapsed') continue;
      const churned = overlap(aYearOn, span);
      if (churned !== undefined) add('churned', churned);
    }
  }
}

function shifted({ from, until }: Span): Span {
  return { from: yearAfter(from), until: until === null ? null : yearAfter(until) };
}

function cut(span: Span, end: Day | null): Span | undefined {
  return end === null ? whole(span) : overlap(span, { from: span.from, until: end });
}

function overlap(one: Span, other: Span): Span | undefined {
  const from = one.from > other.from ? one.from : other.from;
  if (one.until === null || other.until === null) {
    return whole({ from, until: one.until ?? other.until });
  }
  return whole({ from, until: one.until < other.until ? one.until : other.until });
}

function whole(span: Span): Span | undefined {
  return span.until !== null && span.until <= span.from ? undefined : span;
}
