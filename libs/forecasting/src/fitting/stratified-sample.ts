import type { CustomerStatistics } from '../statistics/customer-statistics.js';

const QUARTER_DAYS = 91;
/** Repeats: none, one, 2-3, 4-7, more. */
const BANDS = [1, 2, 4, 8, Infinity];

/**
 * Weights of a sample of about so many customers, 0 for those left out: equally many from each quarter of acquisition and
 * band of frequency, so that the few frequent and the few old are not missed; the weight says for how many each stands.
 */
export function sampleWeights(statistics: CustomerStatistics, size: number): Float64Array {
  const weights = new Float64Array(statistics.size).fill(1);
  if (statistics.size <= size) return weights;
  const strata = new Map<number, number[]>();
  for (let i = 0; i < statistics.size; i++) {
    const x = (statistics.purchaseDays[i] ?? 0) - 1;
    const band = BANDS.findIndex((limit) => x < limit);
    const stratum = Math.floor((statistics.firstDay[i] ?? 0) / QUARTER_DAYS) * BANDS.length + band;
    const members = strata.get(stratum);
    if (members) members.push(i);
    else strata.set(stratum, [i]);
  }
  weights.fill(0);
  let left = size;
  let strataLeft = strata.size;
  for (const members of [...strata.values()].sort((p, q) => p.length - q.length)) {
    const take = Math.min(members.length, Math.ceil(left / strataLeft));
    for (let j = 0; j < take; j++) {
      // Evenly spread over the stratum: nobody's place depends on a random number.
      const chosen = members[Math.floor(((j + 0.5) * members.length) / take)] ?? 0;
      weights[chosen] = members.length / take;
    }
    left -= take;
    strataLeft -= 1;
  }
  return weights;
}
