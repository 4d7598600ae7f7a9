import type { CycleSegment, LostKind } from '@regulars/contracts';
import { defaultRules, rhythmOf } from '@regulars/forecasting/rhythm';
import type { Day } from '@regulars/kernel';

/** What the last forecast said about a customer; `purchaseCount` 0 = no purchase is left. */
export interface CycleFacts {
  readonly purchaseCount: number;
  readonly lastPurchaseDay?: Day | undefined;
  readonly cycleDays?: number | undefined;
  readonly gapVariation?: number | undefined;
  readonly pRegular?: number | undefined;
  readonly pNoCycle?: number | undefined;
  readonly newUntilDay?: Day | undefined;
  readonly lostDay?: Day | undefined;
  readonly modelVersion?: string | undefined;
}

export interface Decision {
  readonly segment: CycleSegment;
  readonly lostKind?: LostKind;
  /** Which rule decided: a stable code. */
  readonly rule: string;
}

export const noPurchases: CycleFacts = { purchaseCount: 0 };

/**
 * The segment of a customer on a day: first match wins. Only one who had a cycle can lose it, so a single
 * purchase ends as `one-time` and never as `lost`. Who buys by chance alone has no cycle that could be kept: `lost`
 * too, by another kind, although a purchase may come now and then.
 */
export function decideSegment(facts: CycleFacts, day: Day): Decision {
  if (facts.purchaseCount === 0) return { segment: 'no-purchase', rule: 'no-purchase' };

  if (facts.purchaseCount === 1) {
    const waiting = facts.newUntilDay !== undefined && day < facts.newUntilDay;
    return waiting
      ? { segment: 'new', rule: 'within-usual-time-to-second' }
      : { segment: 'one-time', rule: 'no-second-in-usual-time' };
  }
  if (facts.lostDay !== undefined && day >= facts.lostDay) {
    return { segment: 'lost', lostKind: 'lapsed', rule: 'past-lost-day' };
  }
  const { pRegular = 0, pNoCycle = 0 } = facts;
  const rhythm = rhythmOf({ repeats: repeatsOf(facts), pRegular, pNoCycle }, defaultRules);
  if (rhythm === 'none') return { segment: 'lost', lostKind: 'no-cycle', rule: 'gaps-by-chance' };
  if (rhythm === 'steady') return { segment: 'regular', rule: 'steady-gaps' };
  return { segment: 'periodic', rule: 'loose-or-few-gaps' };
}

/** The first later day on which time alone changes the decision. */
export function nextBoundary(facts: CycleFacts, day: Day): Day | undefined {
  if (facts.purchaseCount === 0) return undefined;
  const boundary = facts.purchaseCount === 1 ? facts.newUntilDay : facts.lostDay;
  return boundary !== undefined && boundary > day ? boundary : undefined;
}

/** Purchase days after the first. */
export const repeatsOf = ({ purchaseCount }: Pick<CycleFacts, 'purchaseCount'>): number =>
  Math.max(0, purchaseCount - 1);
