import type { SegmentName } from './customer-forecast.js';
import { rhythmOf, type RhythmFacts } from './rhythm.js';
import type { ForecastRules } from './settings.js';

export interface SegmentFacts extends RhythmFacts {
  readonly elapsedDays: number;
  /** A one-time buyer is new for so long. */
  readonly newDays: number;
  readonly isLost: boolean;
}

/** The first rule that holds. */
export function segmentOf(facts: SegmentFacts, rules: ForecastRules): SegmentName {
  if (facts.repeats === 0) return facts.elapsedDays < facts.newDays ? 'new' : 'one-time';
  if (facts.isLost) return 'lost';
  const rhythm = rhythmOf(facts, rules);
  if (rhythm === 'none') return 'lost';
  return rhythm === 'steady' ? 'regular' : 'periodic';
}
