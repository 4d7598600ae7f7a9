/** What is believed of parameters before the data: their logarithms are normal around `mean`. */
export interface LogNormalPrior {
  readonly mean: readonly number[];
  readonly sd: readonly number[];
}

/** Minus the logarithm of the prior's density, up to a constant, at log-parameters. */
export function penaltyAt(prior: LogNormalPrior, point: readonly number[]): number {
  let sum = 0;
  point.forEach((v, j) => {
    const z = (v - (prior.mean[j] ?? v)) / (prior.sd[j] ?? 1);
    sum += (z * z) / 2;
  });
  return sum;
}

/** Its change with each log-parameter. */
export function penaltySlopes(prior: LogNormalPrior, point: readonly number[]): number[] {
  return point.map((v, j) => (v - (prior.mean[j] ?? v)) / (prior.sd[j] ?? 1) ** 2);
}

/** Beyond these the likelihood is flat or overflows: e^8 is 3,000 time units, e^-8 a 3,000th. */
const BOUND = 8;

/** Rises steeply outside the bounds of log-parameters, and is 0 inside. */
export function outOfBounds(point: readonly number[]): number {
  let sum = 0;
  for (const v of point) sum += Math.max(0, Math.abs(v) - BOUND) ** 2;
  return sum;
}

export function outOfBoundsSlopes(point: readonly number[]): number[] {
  return point.map((v) => 2 * Math.sign(v) * Math.max(0, Math.abs(v) - BOUND));
}
