import type { ForecastSettings, Subject } from '../engine.js';
import { frequencyOf } from '../history.js';
import { gapDistribution, purchaseWithin, type GapDistribution } from './gap-distribution.js';
import { scopeOf, type CycleModel, type ScopeParameters } from './parameters.js';
import { regularityOf, type Regularity } from './regularity.js';
import type { UnpredictableReason } from '../forecast.js';

/** A subject seen through a model: what dates and probabilities are read from. */
export interface View {
  readonly scope: ScopeParameters;
  readonly gap: GapDistribution;
  readonly cycleDays: number;
  /** Dates are given on the condition that the purchase comes within it. */
  readonly horizonDays: number;
  readonly regularity: Regularity;
}

export function viewOf(subject: Subject, model: CycleModel, settings: ForecastSettings): View {
  const scope = scopeOf(model, subject.category);
  const stated =
    subject.statedCycleDays === undefined
      ? undefined
      : { cycleDays: subject.statedCycleDays, weightGaps: settings.statedWeightGaps };
  const gap = gapDistribution(subject.history, scope, stated);
  const cycleDays = Math.exp(gap.location);
  return {
    scope,
    gap,
    cycleDays,
    // A trade with cycles near or above the cap would otherwise be told to come back too early.
    horizonDays: Math.max(settings.horizonCapDays, Math.ceil(2 * cycleDays)),
    regularity: regularityOf(subject.history, scope),
  };
}

/** A category with fewer returning buyers than this has no repeat cycle at all. */
const REPEAT_SHARE_LIMIT = 0.05;
const REPEAT_SHARE_MIN_CUSTOMERS = 20;

/** Reasons that do not depend on a window, in the declared order; `elapsed` = days since the last purchase. */
export function reasonBeforeWindow(
  subject: Subject,
  view: View,
  settings: ForecastSettings,
  silence: { readonly elapsed: number; readonly lost: boolean },
): UnpredictableReason | undefined {
  const x = frequencyOf(subject.history);
  if (x >= settings.noCycleRepeats && view.regularity.pNoCycle >= settings.noCycle)
    return 'no-cycle';
  if (silence.lost) return 'lost';
  if (x < settings.noCycleRepeats && hardlyRepeats(subject, view.scope)) return 'low-return';
  if (purchaseWithin(view.gap, silence.elapsed, 365) < settings.lowReturn) return 'low-return';
  return undefined;
}

function hardlyRepeats(subject: Subject, scope: ScopeParameters): boolean {
  return (
    subject.category !== undefined &&
    scope.customers >= REPEAT_SHARE_MIN_CUSTOMERS &&
    scope.repeatCustomers < REPEAT_SHARE_LIMIT * scope.customers
  );
}
