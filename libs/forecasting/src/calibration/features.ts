// Bound once: these run by the million, and a look-up of the global each time is slow in sandboxes such as test runners.
const { exp, log, log1p, max, min } = Math;

/** Inputs of the regressions, per customer: the model's own logit, then recency, frequency, age and money. */
export const FEATURES = 5;

export interface FeatureSource {
  readonly rawProbability: number;
  readonly repeats: number;
  readonly elapsedDays: number;
  readonly ageDays: number;
  /** Mean spend of a purchase day; 0 where nothing was ever paid. */
  readonly meanSpend: number;
}

export function writeFeatures(into: Float64Array, offset: number, from: FeatureSource): void {
  into[offset] = logit(from.rawProbability);
  into[offset + 1] = log1p(from.repeats);
  into[offset + 2] = log1p(from.elapsedDays);
  into[offset + 3] = log1p(from.ageDays);
  into[offset + 4] = log1p(max(0, from.meanSpend));
}

export function logit(probability: number): number {
  const p = min(1 - 1e-9, max(1e-9, probability));
  return log(p / (1 - p));
}

export function fromLogit(eta: number): number {
  return 1 / (1 + exp(-eta));
}
