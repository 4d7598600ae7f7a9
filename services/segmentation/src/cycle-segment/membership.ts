import type { CycleSegment, LostKind, SegmentChanged } from '@regulars/contracts';
import type { Day } from '@regulars/kernel';
import { defaultRules, rhythmLimits } from '@regulars/forecasting/rhythm';
import { decideSegment, repeatsOf, type CycleFacts } from './decide-segment.js';

export type SegmentCause = SegmentChanged['cause'];
export type SegmentInputs = SegmentChanged['inputs'];

/** Where a customer stands, since when, and the numbers of the newest decision. */
export interface Membership {
  readonly segment: CycleSegment;
  readonly lostKind?: LostKind;
  readonly sinceDay: Day;
  readonly cause: SegmentCause;
  readonly inputs: SegmentInputs;
  readonly modelVersion?: string;
}

/** A step from one segment to another. */
export interface SegmentMove {
  readonly from?: CycleSegment;
  readonly to: Membership;
}

/**
 * Decides anew with the facts as of a day. The membership always carries the newest numbers; `move` is there only
 * when the segment (or the kind of lost) is another one. Days never go back: a late decision holds from the day
 * of the one it replaces.
 */
export function decideMembership(
  current: Membership | undefined,
  facts: CycleFacts,
  day: Day,
  cause: SegmentCause,
): { membership: Membership; move?: SegmentMove } {
  const decision = decideSegment(facts, day);
  const inputs = inputsOf(decision.rule, facts);
  const model = facts.modelVersion === undefined ? {} : { modelVersion: facts.modelVersion };

  if (current?.segment === decision.segment && current.lostKind === decision.lostKind) {
    const { segment, lostKind, sinceDay } = current;
    const same = { segment, sinceDay, cause: current.cause, inputs, ...model };
    return { membership: lostKind === undefined ? same : { ...same, lostKind } };
  }
  const membership: Membership = {
    segment: decision.segment,
    ...(decision.lostKind === undefined ? {} : { lostKind: decision.lostKind }),
    sinceDay: current !== undefined && current.sinceDay > day ? current.sinceDay : day,
    cause,
    inputs,
    ...model,
  };
  const from = current === undefined ? {} : { from: current.segment };
  return { membership, move: { ...from, to: membership } };
}

function inputsOf(rule: string, facts: CycleFacts): SegmentInputs {
  const { purchaseCount, lastPurchaseDay, cycleDays, gapVariation, newUntilDay, lostDay } = facts;
  const limits = rhythmLimits(repeatsOf(facts), defaultRules);
  return {
    rule,
    purchaseCount,
    ...(lastPurchaseDay === undefined ? {} : { lastPurchaseDay }),
    ...(cycleDays === undefined ? {} : { cycleDays }),
    ...(gapVariation === undefined ? {} : { gapVariation }),
    ...(facts.pRegular === undefined ? {} : { pRegular: facts.pRegular }),
    ...(limits.regular === undefined ? {} : { pRegularLimit: limits.regular }),
    ...(facts.pNoCycle === undefined ? {} : { pNoCycle: facts.pNoCycle }),
    ...(limits.noCycle === undefined ? {} : { pNoCycleLimit: limits.noCycle }),
    ...(newUntilDay === undefined ? {} : { newUntilDay }),
    ...(lostDay === undefined ? {} : { lostDay }),
  };
}
