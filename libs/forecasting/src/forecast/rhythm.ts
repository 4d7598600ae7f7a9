import type { ForecastRules } from './settings.js';

/** What the gaps of a customer say: steady, no more regular than chance (`none`), or neither. */
export type Rhythm = 'steady' | 'none' | 'loose';

export interface RhythmFacts {
  /** Purchase days after the first. */
  readonly repeats: number;
  /** Beliefs that the gaps are steady (shape k > 3), or no more regular than chance (k <= 1). */
  readonly pRegular: number;
  readonly pNoCycle: number;
}

/** The beliefs from which on a rhythm counts; absent where there are too few gaps to tell. */
export interface RhythmLimits {
  readonly regular?: number;
  readonly noCycle?: number;
}

export function rhythmLimits(repeats: number, rules: ForecastRules): RhythmLimits {
  const few = Math.max(0, rules.regularSure - repeats);
  return {
    ...(repeats >= rules.regularRepeats && {
      regular: inPercent(rules.regular + few * rules.regularStep),
    }),
    ...(repeats >= rules.noCycleRepeats && { noCycle: rules.noCycle }),
  };
}

export function rhythmOf(
  { repeats, pRegular, pNoCycle }: RhythmFacts,
  rules: ForecastRules,
): Rhythm {
  const { regular = Infinity, noCycle = Infinity } = rhythmLimits(repeats, rules);
  if (pNoCycle >= noCycle) return 'none';
  return pRegular >= regular ? 'steady' : 'loose';
}

/** 0.8 rather than 0.7999999999999999: the limit is shown. */
const inPercent = (share: number): number => Math.round(100 * share) / 100;
