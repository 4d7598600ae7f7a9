import type { AnswerOf } from './answer-of.js';
import { explainMembership } from './explain-membership.js';
import {
  toMembership,
  type ChangeRow,
  type FactsRow,
  type MemberRow,
  type SegmentCount,
} from './segment-reads.store.js';
import {
  segmentNames,
  type CustomerSegmentResponse,
  type MemberResponse,
  type SegmentMoveResponse,
  type SegmentSize,
  type SegmentsResponse,
} from './segment.dto.js';

/** All segments, the empty ones too; the two kinds of lost apart. */
export function toSegmentsResponse(counts: readonly SegmentCount[]): AnswerOf<SegmentsResponse> {
  const customersWithPurchases = counts
    .filter(({ segment }) => segment !== 'no-purchase')
    .reduce((sum, { customers }) => sum + customers, 0);
  const share = (customers: number) =>
    customersWithPurchases === 0 ? null : customers / customersWithPurchases;

  const data = segmentNames.flatMap((segment): AnswerOf<SegmentSize>[] => {
    const kinds = segment === 'lost' ? (['lapsed', 'no-cycle'] as const) : [null];
    return kinds.map((lostKind) => {
      const found = counts.find(
        (count) => count.segment === segment && count.lostKind === lostKind,
      );
      const customers = found?.customers ?? 0;
      return {
        segment,
        ...(lostKind === null ? {} : { lostKind }),
        customers,
        share: segment === 'no-purchase' ? null : share(customers),
      };
    });
  });
  return { data, customersWithPurchases };
}

export function toMemberResponse(row: MemberRow, today: string): AnswerOf<MemberResponse> {
  const membership = toMembership(row);
  return {
    customerId: row.customerId,
    segment: row.segment,
    ...(row.lostKind === null ? {} : { lostKind: row.lostKind }),
    since: row.sinceDay,
    cause: row.cause,
    inputs: row.inputs,
    sentence: explainMembership(membership, today),
    ...(row.modelVersion === null ? {} : { forecastModelVersion: row.modelVersion }),
  };
}

export function toCustomerSegmentResponse(
  row: MemberRow,
  facts: FactsRow | undefined,
  history: readonly ChangeRow[],
  today: string,
): AnswerOf<CustomerSegmentResponse> {
  return {
    ...toMemberResponse(row, today),
    purchases: {
      orders: facts?.orders ?? 0,
      purchaseDays: facts?.purchaseDays ?? 0,
      firstPurchaseDay: facts?.firstPurchaseDay ?? null,
      lastPurchaseDay: facts?.lastPurchaseDay ?? null,
      revenue: [...(facts?.revenue ?? [])],
    },
    history: history.map(toMoveResponse),
  };
}

function toMoveResponse(change: ChangeRow): AnswerOf<SegmentMoveResponse> {
  return {
    ...(change.from === null ? {} : { from: change.from }),
    to: change.to,
    ...(change.lostKind === null ? {} : { lostKind: change.lostKind }),
    cause: change.cause,
    day: change.day,
    decidedAt: change.decidedAt.toISOString(),
    inputs: change.inputs,
  };
}
