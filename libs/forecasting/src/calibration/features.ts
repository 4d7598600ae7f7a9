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
  into[offset + 1] = Math.log1p(from.repeats);
  into[offset + 2] = Math.log1p(from.elapsedDays);
  into[offset + 3] = Math.log1p(from.ageDays);
  into[offset + 4] = Math.log1p(Math.max(0, from.meanSpend));
}

export function logit(probability: number): number {
  const p = Math.min(1 - 1e-9, Math.max(1e-9, probability));
  return Math.log(p / (1 - p));
}

export function fromLogit(eta: number): number {
  return 1 / (1 + Math.exp(-eta));
}
