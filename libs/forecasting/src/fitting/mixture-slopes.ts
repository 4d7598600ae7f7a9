import { gapSurvival, gapSurvivalSlope, nearbyBetas, type NearbyBetas } from '../models/gap-law.js';
import type { GapMixture } from '../models/gap-mixture.js';
import { digamma, lnBeta } from '../special/special-functions.js';
import { byFrequency } from './by-frequency.js';
import type { FitRows } from './fit-rows.js';
import { noNode, nodeLogarithms, nodeTables, type NodeTable } from './node-tables.js';

// Bound once: these run by the million, and a look-up of the global each time is slow in sandboxes such as test runners.
const { exp, log } = Math;

/** The log-likelihood of all rows, and how it changes with the mixture's numbers. */
export interface MixtureSlopes {
  readonly value: number;
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
  /** By node, in the mixture's order; 0 for nodes without weight. */
  readonly weights: readonly number[];
}

/** Value and slopes in one walk over the rows: for what three evaluations of the likelihood cost, instead of thirteen. */
export function mixtureSlopes(mixture: GapMixture, rows: FitRows): MixtureSlopes {
  const { r, a, b } = mixture;
  const lnB = lnBeta(a, b);
  const stays = byFrequency(rows, (x) => lnBeta(a, b + x + 1) - lnB);
  const [psiB, psiAB] = [digamma(b), digamma(a + b)];
  const together = byFrequency(rows, (x) => psiAB - digamma(a + b + x + 1));
  const staying = byFrequency(rows, (x) => digamma(b + x + 1) - psiB);
  const nodes = nodeTables(mixture, rows);
  const psiR = digamma(r);
  const psis = nodes.map(({ k }) => byFrequency(rows, (x) => digamma(r + k * x) - psiR));
  const betas = nodes.map(({ k }) => perFrequency(rows, (x) => nearbyBetas(r + k * x, k)));
  const lns = new Float64Array(nodes.length);
  const parts = new Float64Array(nodes.length);
  const shares = new Float64Array(nodes.length);
  const sum = { value: 0, r: 0, alpha: 0, a: 0, b: 0 };
  for (let i = 0; i < rows.size; i++) {
    const x = rows.x[i] ?? 0;
    const tx = rows.tx[i] ?? 0;
    const silence = (rows.T[i] ?? 0) - tx;
    const dead = a / (b + x);
    const highest = nodeLogarithms(lns, nodes, r, { x, tx, litt: rows.litt[i] ?? 0 });
    let [all, known, byR, byAlpha] = [0, 0, 0, 0];
    for (let g = 0; g < nodes.length; g++) {
      const share = exp((lns[g] ?? 0) - highest);
      parts[g] = 0;
      if (share < 1e-14) continue;
      const node = nodes[g] ?? noNode;
      const A = node.alpha + tx;
      const R = r + node.k * x;
      const t = silence / A;
      const nearby = betas[g]?.[x] ?? noBetas;
      const rest = gapSurvival(R, node.k, nearby.at, t) + dead;
      const slope = gapSurvivalSlope(R, node.k, nearby, t);
      parts[g] = share * rest;
      all += share * rest;
      known += share;
      const lnShrink = log(node.alpha / A);
      byR += share * (rest * ((psis[g]?.[x] ?? 0) + lnShrink) + slope.byR);
      byAlpha += (share * (rest * (r / node.alpha - R / A) + slope.front / A)) / node.k;
    }
    const weight = rows.weight[i] ?? 0;
    sum.value += weight * (highest + log(all) + (stays[x] ?? 0));
    sum.r += (weight * byR) / all;
    sum.alpha += (weight * byAlpha) / all;
    const gone = (weight * known) / all / (b + x);
    sum.a += weight * (together[x] ?? 0) + gone;
    sum.b += weight * ((together[x] ?? 0) + (staying[x] ?? 0)) - gone * dead;
    for (let g = 0; g < nodes.length; g++) {
      shares[g] = (shares[g] ?? 0) + (weight * (parts[g] ?? 0)) / all;
    }
  }
  return { ...sum, weights: byWeight(mixture, nodes, shares) };
}

function byWeight(
  { nodes }: GapMixture,
  tables: readonly NodeTable[],
  shares: Float64Array,
): number[] {
  return nodes.map(({ k, weight }) => {
    const g = tables.findIndex((table) => table.k === k);
    return g < 0 ? 0 : (shares[g] ?? 0) / weight;
  });
}

/** One for each frequency that occurs. */
function perFrequency<T>({ x }: FitRows, make: (x: number) => T): T[] {
  const made: T[] = [];
  for (const frequency of x) made[frequency] ??= make(frequency);
  return made;
}

const noBetas: NearbyBetas = { step: 1, below: 0, at: 0, above: 0 };
