import { weekdayOf } from '../statistics/index.js';
import type { RawModel } from './raw-model.js';

/** Purchases on the population's weekdays that every customer starts with. */
const PSEUDO_PURCHASES = 7;
const LEAST_PURCHASES = 5;
/** The favourite weekday must be so many times as frequent as an even week would make it. */
const LEAST_FACTOR = 1.5;
/** Days that a date may move, either way. */
const REACH = 3;

/** One customer's weekdays against an even week: asked for the likeliest day near an expected one. */
export class WeekdayHabit {
  private readonly factors = new Float64Array(7);
  private clear = false;

  /** @param shares the population's purchase days by weekday, Monday first */
  constructor(private readonly shares: readonly number[]) {}

  /** @param counts the customer's purchase days by weekday, Monday first, from `offset` on */
  load(counts: ArrayLike<number>, offset: number): void {
    let n = 0;
    for (let w = 0; w < 7; w++) n += counts[offset + w] ?? 0;
    let highest = 0;
    for (let w = 0; w < 7; w++) {
      const own = (counts[offset + w] ?? 0) + PSEUDO_PURCHASES * (this.shares[w] ?? 0);
      this.factors[w] = (7 * own) / (n + PSEUDO_PURCHASES);
      highest = Math.max(highest, this.factors[w] ?? 0);
    }
    this.clear = n >= LEAST_PURCHASES && highest >= LEAST_FACTOR;
  }

  get isClear(): boolean {
    return this.clear;
  }

  /**
   * The likeliest day within three days of the expected one, and after the silence; the day itself where the customer has
   * no clear weekdays. @param model with the customer loaded
   */
  nearest(model: RawModel, lastDay: number, silence: number, expectedDay: number): number {
    if (!this.clear) return expectedDay;
    const first = Math.max(lastDay + silence + 1, expectedDay - REACH);
    let best = expectedDay;
    let most = 0;
    let before = model.survival(first - 1 - lastDay);
    for (let day = first; day <= expectedDay + REACH; day++) {
      const after = model.survival(day - lastDay);
      const weight = (before - after) * (this.factors[weekdayOf(day)] ?? 0);
      if (weight > most) {
        most = weight;
        best = day;
      }
      before = after;
    }
    return best;
  }
}
