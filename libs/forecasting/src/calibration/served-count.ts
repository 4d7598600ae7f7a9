/**
 * Expected purchases in line with the calibrated probability of at least one: the model's count given at least one,
 * times that probability.
 */
export function servedCount(rawCount: number, served: number, raw: number): number {
  return raw < 1e-9 ? rawCount : rawCount * (served / raw);
}
