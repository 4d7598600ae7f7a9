import { lnGamma, special } from '../special/special-functions.js';
import type { CustomerState } from './customer-state.js';
import { gapCdf, gapDensity, gapSurvival } from './gap-law.js';
import type { GapMixture, GapNode } from './gap-mixture.js';
import { solveDecreasing } from './solve-decreasing.js';

// Bound once: these run by the million, and a look-up of the global each time is slow in sandboxes such as test runners.
const { exp, log, max, min } = Math;

/** Nodes that hold less of a customer than this are left out of his sums: below what any output shows. */
const NEGLIGIBLE = 1e-8;

/** In time units, whichever they are. */
const BEYOND_ANY_CALENDAR = 1e12;

/**
 * What is believed of one customer's next gap right after his last purchase. Loaded once per customer and asked often;
 * the same object is loaded again for the next customer, so that millions can be scored without making garbage.
 */
export class GapPosterior {
  /** Odds of having dropped out right after the last purchase. */
  dead = 0;
  /** ln of the likelihood of the gaps seen, drop-out left aside. */
  lnEvidence = 0;
  /** Loaded nodes. */
  size = 0;
  readonly omega: Float64Array;
  readonly k: Float64Array;
  readonly R: Float64Array;
  readonly A: Float64Array;
  readonly lnB: Float64Array;
  private readonly lnWeight: Float64Array;
  /** The silence that was asked about last: one customer's questions are mostly about the same. */
  private silence = { u: Number.NaN, survival: 1 };
  private readonly constants: NodeConstants[];

  /** @param stated a cycle that somebody who knows has stated, in time units; it counts like some observed gaps */
  constructor(
    readonly mixture: GapMixture,
    stated?: StatedCycle,
  ) {
    const n = mixture.nodes.length;
    this.omega = new Float64Array(n);
    this.k = new Float64Array(n);
    this.R = new Float64Array(n);
    this.A = new Float64Array(n);
    this.lnB = new Float64Array(n);
    this.lnWeight = new Float64Array(n);
    this.constants = mixture.nodes.map(
      (node) => new NodeConstants(node, ratePrior(mixture, node.k, stated)),
    );
  }

  load({ x, tx, litt }: Pick<CustomerState, 'x' | 'tx' | 'litt'>): void {
    this.dead = this.mixture.a / (this.mixture.b + x);
    this.silence.u = Number.NaN;
    let highest = -Infinity;
    this.constants.forEach((node, g) => {
      const ln =
        node.lnWeight +
        (node.k - 1) * litt +
        node.lnFactor(x) -
        (node.r + node.k * x) * log(node.alpha + tx);
      this.lnWeight[g] = ln;
      if (ln > highest) highest = ln;
    });
    let total = 0;
    for (const ln of this.lnWeight) total += exp(ln - highest);
    this.lnEvidence = highest + log(total);
    this.size = 0;
    let kept = 0;
    this.constants.forEach((node, g) => {
      const omega = exp((this.lnWeight[g] ?? -Infinity) - this.lnEvidence);
      if (!(omega > NEGLIGIBLE)) return;
      const i = this.size++;
      this.omega[i] = omega;
      this.k[i] = node.k;
      this.R[i] = node.r + node.k * x;
      this.A[i] = node.alpha + tx;
      this.lnB[i] = node.lnBeta(x);
      kept += omega;
    });
    for (let i = 0; i < this.size; i++) this.omega[i] = (this.omega[i] ?? 0) / kept;
  }

  /** P(the gap is longer than u). */
  survival(u: number): number {
    let sum = 0;
    for (let i = 0; i < this.size; i++) {
      const t = u / (this.A[i] ?? 0);
      sum +=
        (this.omega[i] ?? 0) * gapSurvival(this.R[i] ?? 0, this.k[i] ?? 0, this.lnB[i] ?? 0, t);
    }
    return min(1, sum);
  }

  /** The same for a silence so far, which is asked for again and again. */
  survivalNow(u: number): number {
    const { silence } = this;
    if (silence.u !== u) {
      silence.survival = this.survival(u);
      silence.u = u;
    }
    return silence.survival;
  }

  cdf(u: number): number {
    let sum = 0;
    for (let i = 0; i < this.size; i++) {
      const t = u / (this.A[i] ?? 0);
      sum += (this.omega[i] ?? 0) * gapCdf(this.R[i] ?? 0, this.k[i] ?? 0, this.lnB[i] ?? 0, t);
    }
    return min(1, sum);
  }

  density(u: number): number {
    let sum = 0;
    for (let i = 0; i < this.size; i++) {
      const A = this.A[i] ?? 0;
      sum +=
        ((this.omega[i] ?? 0) *
          gapDensity(this.R[i] ?? 0, this.k[i] ?? 0, this.lnB[i] ?? 0, u / A)) /
        A;
    }
    return sum;
  }

  /** Believed mass of the nodes with k above (or up to) a limit. */
  massAbove(limit: number): number {
    let sum = 0;
    for (let i = 0; i < this.size; i++) if ((this.k[i] ?? 0) > limit) sum += this.omega[i] ?? 0;
    return min(1, sum);
  }

  /** Believed regularity: the mean of k. */
  meanShape(): number {
    let sum = 0;
    for (let i = 0; i < this.size; i++) sum += (this.omega[i] ?? 0) * (this.k[i] ?? 0);
    return sum;
  }

  /** P(alive) after a silence of u. */
  probabilityAlive(u: number): number {
    const survival = this.survivalNow(u);
    return survival / (survival + this.dead);
  }

  /** P(at least one purchase within h after a silence of u). */
  purchaseProbability(u: number, h: number): number {
    const survival = this.survivalNow(u);
    const rest = survival + this.dead;
    return rest > 0 ? clamp((survival - this.survival(u + h)) / rest) : 0;
  }

  /** The u with survival(u) = s; infinite where the tail is so heavy that no calendar holds it. */
  inverse(s: number): number {
    if (s >= 1) return 0;
    let high = (this.A[0] ?? 1) + 1;
    while (this.survival(high) > s) {
      if (high > BEYOND_ANY_CALENDAR) return Infinity;
      high *= 4;
    }
    return this.solve(s, 1 - s, 0, high);
  }

  /**
   * Time from now to the next purchase at level p, after a silence of u, given that it comes within `cap`.
   * Undefined where the model has given the customer up (survival below 1e-12).
   */
  quantile(p: number, u: number, cap: number): number | undefined {
    const now = this.survivalNow(u);
    if (now < 1e-12) return undefined;
    if (cap === Infinity) return this.inverse((1 - p) * now) - u;
    const within = u === 0 ? this.cdf(cap) : now - this.survival(u + cap);
    if (within < 1e-15) return undefined;
    return (
      this.solve(now - p * within, u === 0 ? p * within : 1 - now + p * within, u, u + cap) - u
    );
  }

  /** Silence at which P(alive) has fallen to theta; may be infinite. */
  silenceToAlive(theta: number): number {
    const s = (theta * this.dead) / (1 - theta);
    return s >= 1 ? 0 : this.inverse(s);
  }

  /** Where little of the distribution has passed, its distribution function is solved, else its survival. */
  private solve(s: number, passed: number, low: number, high: number): number {
    return s > 0.5
      ? solveDecreasing(
          (u) => passed - this.cdf(u),
          (u) => -this.density(u),
          low,
          high,
        )
      : solveDecreasing(
          (u) => this.survival(u) - s,
          (u) => -this.density(u),
          low,
          high,
        );
  }
}

export interface StatedCycle {
  readonly gap: number;
  readonly weightGaps: number;
}

interface RatePrior {
  readonly r: number;
  readonly alpha: number;
}

/** A stated cycle takes the population's place: the median gap is the stated one, as firm as so many observed gaps. */
function ratePrior(mixture: GapMixture, k: number, stated: StatedCycle | undefined): RatePrior {
  if (!stated) return { r: mixture.r, alpha: mixture.alpha / k };
  const r = mixture.r + stated.weightGaps * k;
  const half = special.inverseIncompleteBeta(0.5, k, r);
  return { r, alpha: (stated.gap * (1 - half)) / half };
}

/** What a node says of a frequency, computed once: customers share few of them. */
class NodeConstants {
  readonly k: number;
  readonly r: number;
  readonly alpha: number;
  readonly lnWeight: number;
  private readonly lnFactors: number[] = [];
  private readonly lnBetas: number[] = [];

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
}

function clamp(probability: number): number {
  return min(1, max(0, probability));
}
