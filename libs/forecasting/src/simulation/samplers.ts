import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Seeded draws from the distributions that purchase models are made of. */
export class Samplers {
  private readonly random;

  /** Streams of the same seed and different numbers go separate ways: one customer's luck does not move another's. */
  constructor(seed: number, stream = 0) {
    this.random = xoroshiro128plus(mix(seed, stream));
  }

  /** In [0, 1). */
  uniform(): number {
    return uniformFloat64(this.random);
  }

  chance(p: number): boolean {
    return this.uniform() < p;
  }

  /** Mean 0, standard deviation 1 (Box and Muller). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Mean shape/rate (Marsaglia and Tsang 2000; below shape 1 a draw of shape + 1 is scaled down). */
  gamma(shape: number, rate: number): number {
    if (shape < 1) {
      return this.gamma(shape + 1, rate) * Math.pow(1 - this.uniform(), 1 / shape);
    }
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const z = this.normal();
      const v = (1 + c * z) ** 3;
      if (v <= 0) continue;
      if (Math.log(1 - this.uniform()) < (z * z) / 2 + d - d * v + d * Math.log(v))
        return (d * v) / rate;
    }
  }

  /** Mean a/(a + b). */
  beta(a: number, b: number): number {
    const x = this.gamma(a, 1);
    return x / (x + this.gamma(b, 1));
  }

  /** One of the items, with chances proportional to their shares. */
  pick<T extends { readonly share: number }>(items: readonly T[]): T | undefined {
    const all = items.reduce((sum, { share }) => sum + share, 0);
    let left = this.uniform() * all;
    return items.find(({ share }) => (left -= share) < 0) ?? items.at(-1);
  }
}

/** Two numbers to one seed in which every bit of both counts. */
function mix(seed: number, stream: number): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(stream + 0x7f4a7c15, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
