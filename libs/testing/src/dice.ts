import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Chance that a seed repeats. Each part of a run rolls its own, or the order of their awaits would mix them. */
export class Dice {
  private readonly random;

  constructor(
    readonly seed: number,
    part = 0,
  ) {
    this.random = xoroshiro128plus((seed ^ Math.imul(part + 1, 0x9e3779b9)) >>> 0);
  }

  /** From 0 up to 1, which is never reached. */
  roll(): number {
    return uniformFloat64(this.random);
  }

  chance(share: number): boolean {
    return this.roll() < share;
  }

  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number {
    return Math.floor(this.roll() * limit);
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  oneOf<T>(things: readonly T[]): T {
    const thing = things[this.below(things.length)];
    if (thing === undefined) throw new RangeError('There is nothing to choose from.');
    return thing;
  }

  some<T>(things: readonly T[], count: number): T[] {
    const left = [...things];
    return Array.from({ length: Math.min(count, left.length) }, () =>
      left.splice(this.below(left.length), 1),
    ).flat();
  }
}
