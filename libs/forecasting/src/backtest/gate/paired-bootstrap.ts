import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A ratio of sums over customers: `loss` over `counted`, 0 in both for who is not judged. */
export interface Losses {
  readonly loss: Float64Array;
  readonly counted: Float64Array;
}

export interface Comparison {
  readonly own: Losses;
  /** What it is compared with; without, the ratio stands for itself. */
  readonly other?: Losses;
  /** The other's ratio is multiplied by this: 1.01 allows one percent more. */
  readonly allowance?: number;
}

export interface Interval {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 1000;

/**
 * The ratio of one minus the (allowed) ratio of another, with its 95 % interval, by drawing customers with replacement.
 * All comparisons see the same draws, so they are paired with each other too.
 */
export function pairedBootstrap(
  comparisons: readonly Comparison[],
  customers: number,
  seed: number,
): Interval[] {
  const random = xoroshiro128plus(seed);
  const times = new Uint16Array(customers);
  const drawn = comparisons.map(() => new Float64Array(RESAMPLES));
  for (let resample = 0; resample < RESAMPLES; resample++) {
    times.fill(0);
    for (let i = 0; i < customers; i++) {
      const customer = uniformInt(random, 0, customers - 1);
      times[customer] = (times[customer] ?? 0) + 1;
    }
    comparisons.forEach((comparison, c) => {
      const values = drawn[c];
      if (values) values[resample] = difference(comparison, times);
    });
  }
  const once = new Uint16Array(customers).fill(1);
  return comparisons.map((comparison, c) => {
    const sorted = (drawn[c] ?? new Float64Array()).filter(Number.isFinite).sort();
    const at = (share: number): number => sorted[Math.floor(share * sorted.length)] ?? 0;
    return { difference: difference(comparison, once), low: at(0.025), high: at(0.975) };
  });
}

function difference({ own, other, allowance = 1 }: Comparison, times: Uint16Array): number {
  return ratio(own, times) - (other ? allowance * ratio(other, times) : 0);
}

/** Not finite in a resample that drew nobody who is judged; such a resample says nothing. */
function ratio({ loss, counted }: Losses, times: Uint16Array): number {
  let [sum, n] = [0, 0];
  for (let i = 0; i < times.length; i++) {
    const drawn = times[i] ?? 0;
    sum += drawn * (loss[i] ?? 0);
    n += drawn * (counted[i] ?? 0);
  }
  return sum / n;
}
