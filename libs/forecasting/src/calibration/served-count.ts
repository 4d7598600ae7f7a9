/**
 * Expected purchases beside a calibrated probability of at least one. The model's count moves half as far as the
 * probability did (in logarithms): whoever the model gave up too early comes back more often than it thought, but then
 * buys less than it thinks of those who come back.
 */
export function servedCount(rawCount: number, served: number, raw: number): number {
  return raw < 1e-9 ? rawCount : Math.max(served, rawCount * Math.sqrt(served / raw));
}
