import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { PurchaseHistories } from '../statistics/index.js';

/** At most so many of the items, each with equal chance, in their order; the same for the same seed. */
export function sampleOf<T>(items: readonly T[], most: number, seed: number): readonly T[] {
  if (items.length <= most) return items;
  const random = xoroshiro128plus(seed);
  let wanted = most;
  // Each item is taken with the chance that fills what is still wanted from what is still left.
  return items.filter((_, i) => {
    const taken = uniformInt(random, 1, items.length - i) <= wanted;
    if (taken) wanted -= 1;
    return taken;
  });
}

/** The histories of at most so many customers. */
export function sampleCustomers(
  histories: PurchaseHistories,
  most: number,
  seed: number,
): PurchaseHistories {
  if (histories.size <= most) return histories;
  const everyone = Array.from({ length: histories.size }, (_, i) => i);
  const chosen = sampleOf(everyone, most, seed);
  const offsets = new Uint32Array(chosen.length + 1);
  chosen.forEach((customer, i) => {
    const length = (histories.offsets[customer + 1] ?? 0) - (histories.offsets[customer] ?? 0);
    offsets[i + 1] = (offsets[i] ?? 0) + length;
  });
  const days = new Int32Array(offsets.at(-1) ?? 0);
  const spend = new Float64Array(days.length);
  chosen.forEach((customer, i) => {
    const [from, to] = [histories.offsets[customer], histories.offsets[customer + 1]];
    days.set(histories.days.subarray(from, to), offsets[i]);
    spend.set(histories.spend.subarray(from, to), offsets[i]);
  });
  return { size: chosen.length, offsets, days, spend };
}
