import type { CustomerState } from './customer-state.js';
import { gapCdf, gapSurvival } from './gap-law.js';
import type { GapMixture } from './gap-mixture.js';
import { GapPoint } from './gap-point.js';
import { NodeConstants, ratePrior, type StatedCycle } from './node-constants.js';
import { A_MILLIONTH, EXACT, GapQuantile } from './gap-quantile.js';

// Bound once: these run by the million, and a look-up of the global each time is slow in sandboxes such as test runners.
const { exp, log, max, min } = Math;

/** Nodes that hold less of a customer than this are left out of his sums: below what any output shows. */
const NEGLIGIBLE = 1e-8;

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
  /** What {@link look} found: P(the gap is longer), P(it is not), and the density of ln(gap). */
  left = 1;
  passed = 0;
  slope = 0;
  /** The silence that was asked about last: one customer's questions are mostly about the same. */
  private silence = { u: Number.NaN, survival: 1 };
  private readonly lnA: Float64Array;
  /** Which of the nodes were loaded. */
  private readonly node: Uint8Array;
  private readonly weight: Float64Array;
  private readonly constants: NodeConstants[];
  private readonly point = new GapPoint();
  private readonly search = new GapQuantile(this);

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
    this.lnA = new Float64Array(n);
    this.node = new Uint8Array(n);
    this.weight = new Float64Array(n);
    this.constants = mixture.nodes.map(
      (node) => new NodeConstants(node, ratePrior(mixture, node.k, stated)),
    );
  }

  load({ x, tx, litt }: Pick<CustomerState, 'x' | 'tx' | 'litt'>): void {
    const { constants, weight } = this;
    this.dead = this.mixture.a / (this.mixture.b + x);
    this.silence.u = Number.NaN;
    let highest = -Infinity;
    for (let g = 0; g < constants.length; g++) {
      const node = constants[g];
      if (!node) continue;
      const lnA = log(node.alpha + tx);
      const ln =
        node.lnWeight + (node.k - 1) * litt + node.lnFactor(x) - (node.r + node.k * x) * lnA;
      weight[g] = ln;
      if (ln > highest) highest = ln;
    }
    let total = 0;
    for (let g = 0; g < weight.length; g++) {
      weight[g] = exp((weight[g] ?? -Infinity) - highest);
      total += weight[g] ?? 0;
    }
    this.lnEvidence = highest + log(total);
    this.size = 0;
    let kept = 0;
    for (let g = 0; g < constants.length; g++) {
      const node = constants[g];
      const omega = (weight[g] ?? 0) / total;
      if (!node || !(omega > NEGLIGIBLE)) continue;
      const i = this.size++;
      this.node[i] = g;
      this.omega[i] = omega;
      this.k[i] = node.k;
      this.R[i] = node.r + node.k * x;
      this.A[i] = node.alpha + tx;
      this.lnA[i] = log(node.alpha + tx);
      this.lnB[i] = node.lnBeta(x);
      kept += omega;
    }
    for (let i = 0; i < this.size; i++) this.omega[i] = (this.omega[i] ?? 0) / kept;
  }

  /** Survival, distribution function and density at u > 0 at once, into {@link left}, {@link passed} and {@link slope}. */
  look(u: number): void {
    const { point } = this;
    const lnU = log(u);
    let left = 0;
    let passed = 0;
    let slope = 0;
    for (let i = 0; i < this.size; i++) {
      const omega = this.omega[i] ?? 0;
      const A = this.A[i] ?? 0;
      point.at(this.R[i] ?? 0, this.k[i] ?? 0, this.lnB[i] ?? 0, u / A, lnU - (this.lnA[i] ?? 0));
      left += omega * point.survival;
      passed += omega * point.cdf;
      slope += omega * point.slope;
    }
    this.left = min(1, left);
    this.passed = min(1, passed);
    this.slope = slope;
  }

  /** ln of a gap in the midst of what is believed: near enough to start a search from. */
  lnTypicalGap(): number {
    let sum = 0;
    for (let i = 0; i < this.size; i++) {
      const pace = log((this.k[i] ?? 1) / (this.R[i] ?? 1));
      sum += (this.omega[i] ?? 0) * ((this.lnA[i] ?? 0) + pace);
    }
    return sum;
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

  /** Expected purchases after the x-th repeat, as far as node i goes; t = horizon/A at that purchase. */
  countAfter(i: number, x: number, t: number): number {
    return this.constants[this.node[i] ?? 0]?.countAfter(x, this.mixture, t) ?? 0;
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
    this.search.begin(0, 1);
    return this.search.find(1 - s, s, Infinity, EXACT);
  }

  /**
   * Times from now to the next purchase at some levels, after a silence of u, given that it comes within `cap`. False where
   * the model has given the customer up (survival below 1e-12).
   */
  quantiles(levels: readonly number[], u: number, cap: number, into: Float64Array): boolean {
    const left = this.survivalNow(u);
    if (left < 1e-12) return false;
    const within = this.shareWithin(u, left, cap);
    if (within * left < 1e-15) return false;
    this.search.begin(u, left);
    levels.forEach((p, i) => {
      const share = p * within;
      into[i] = p <= 0 ? 0 : p >= 1 ? cap : this.search.find(share, 1 - share, cap, A_MILLIONTH);
    });
    return true;
  }

  quantile(p: number, u: number, cap: number): number | undefined {
    const into = new Float64Array(1);
    return this.quantiles([p], u, cap, into) ? into[0] : undefined;
  }

  /** Of what is left after a silence of u, the share that ends within `cap`. */
  private shareWithin(u: number, left: number, cap: number): number {
    if (cap === Infinity) return 1;
    return u === 0 ? this.cdf(cap) : (left - this.survival(u + cap)) / left;
  }

  /** Silence at which P(alive) has fallen to theta; may be infinite. */
  silenceToAlive(theta: number): number {
    const s = (theta * this.dead) / (1 - theta);
    return s >= 1 ? 0 : this.inverse(s);
  }
}

function clamp(probability: number): number {
  return min(1, max(0, probability));
}
