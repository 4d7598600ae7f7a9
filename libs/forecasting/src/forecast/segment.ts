import type { SegmentName } from './customer-forecast.js';
import type { ForecastRules } from './settings.js';

export interface SegmentFacts {
  readonly repeats: number;
  readonly elapsedDays: number;
  /** A one-time buyer is new for so long. */
  readonly newDays: number;
  readonly isLost: boolean;
  readonly pRegular: number;
  readonly pNoCycle: number;
}

/** The first rule that holds. */
export function segmentOf(facts: SegmentFacts, rules: ForecastRules): SegmentName {
  if (facts.repeats === 0) return facts.elapsedDays < facts.newDays ? 'new' : 'one-time';
  if (facts.isLost) return 'lost';
  if (facts.repeats >= rules.noCycleRepeats && facts.pNoCycle >= rules.noCycle) return 'lost';
  const few = Math.max(0, rules.regularSure - facts.repeats);
  const needed = rules.regular + few * rules.regularStep;
  const isRegular = facts.repeats >= rules.regularRepeats && facts.pRegular >= needed;
  return isRegular ? 'regular' : 'periodic';
}
