import { lnGamma, special } from '../special/special-functions.js';
import { countAfterPurchase } from './count-after-purchase.js';
import { CountTable } from './count-table.js';
import type { GapMixture, GapNode } from './gap-mixture.js';

const { log } = Math;

export interface StatedCycle {
  readonly gap: number;
  readonly weightGaps: number;
}

export interface RatePrior {
  readonly r: number;
  readonly alpha: number;
}

/** A stated cycle takes the population's place: the median gap is the stated one, as firm as so many observed gaps. */
export function ratePrior(
  mixture: GapMixture,
  k: number,
  stated: StatedCycle | undefined,
): RatePrior {
  if (!stated) return { r: mixture.r, alpha: mixture.alpha / k };
  const r = mixture.r + stated.weightGaps * k;
  const half = special.inverseIncompleteBeta(0.5, k, r);
  return { r, alpha: (stated.gap * (1 - half)) / half };
}

/** Few buy more often, and each of them would need knots of his own. */
const MOST_TABLED = 400;

/** What a node says of a frequency, computed once: customers share few of them. */
export class NodeConstants {
  readonly k: number;
  readonly r: number;
  readonly alpha: number;
  readonly lnWeight: number;
  private readonly lnFactors: number[] = [];
  private readonly lnBetas: number[] = [];
  private readonly counts: CountTable[] = [];

  constructor({ k, weight }: GapNode, { r, alpha }: RatePrior) {
    this.k = k;
    this.r = r;
    this.alpha = alpha;
    this.lnWeight = log(weight);
  }

  /** -x lnG(k) + lnG(R) - lnG(r) + r ln alpha */
  lnFactor(x: number): number {
    return (this.lnFactors[x] ??=
      lnGamma(this.r + this.k * x) -
      lnGamma(this.r) -
      x * lnGamma(this.k) +
      this.r * log(this.alpha));
  }

  /** ln B(R, k) */
  lnBeta(x: number): number {
    const R = this.r + this.k * x;
    return (this.lnBetas[x] ??= lnGamma(R) + lnGamma(this.k) - lnGamma(R + this.k));
  }

  /** Right after the purchase that makes the frequency x. */
  countAfter(x: number, { a, b }: { a: number; b: number }, t: number): number {
    let table = this.counts[x];
    if (!table) {
      const state = { k: this.k, R: this.r + this.k * x, dead: a, stay: b + x };
      if (x > MOST_TABLED) return countAfterPurchase(state, t);
      this.counts[x] = table = new CountTable(state);
    }
    return table.at(t);
  }
}
