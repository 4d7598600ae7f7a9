import { lnGamma } from '../special/special-functions.js';
import type { GapMixture } from '../models/gap-mixture.js';
import { byFrequency } from './by-frequency.js';
import type { FitRows } from './fit-rows.js';

// Bound once: these run by the million, and a look-up of the global each time is slow in sandboxes such as test runners.
const { log } = Math;

/** What a node says of a frequency, computed once for all customers who have it. */
export interface NodeTable {
  readonly k: number;
  readonly alpha: number;
  /** By frequency: logarithm of the part that neither gaps nor age enter. */
  readonly factors: Float64Array;
  /** By frequency: ln B(R, k). */
  readonly lnBetas: Float64Array;
}

/** Of the nodes that have any weight. */
export function nodeTables({ r, alpha, nodes }: GapMixture, rows: FitRows): NodeTable[] {
  const lnR = lnGamma(r);
  return nodes
    .filter(({ weight }) => weight > 1e-12)
    .map(({ k, weight }) => {
      const own = alpha / k;
      const fixed = log(weight) - lnR + r * log(own);
      const lnK = lnGamma(k);
      const lnRates = byFrequency(rows, (x) => lnGamma(r + k * x));
      return {
        k,
        alpha: own,
        factors: lnRates.map((lnRate, x) => fixed + lnRate - x * lnK),
        lnBetas: byFrequency(rows, (x) => (lnRates[x] ?? 0) + lnK - lnGamma(r + k * (x + 1))),
      };
    });
}

/** Writes the logarithms of what each node says of a customer's gaps; answers the highest. */
export function nodeLogarithms(
  into: Float64Array,
  nodes: readonly NodeTable[],
  r: number,
  { x, tx, litt }: { readonly x: number; readonly tx: number; readonly litt: number },
): number {
  let highest = -Infinity;
  for (let g = 0; g < nodes.length; g++) {
    const { k, alpha, factors } = nodes[g] ?? noNode;
    const ln = (k - 1) * litt + (factors[x] ?? 0) - (r + k * x) * log(alpha + tx);
    into[g] = ln;
    if (ln > highest) highest = ln;
  }
  return highest;
}

export const noNode: NodeTable = {
  k: 1,
  alpha: 1,
  factors: new Float64Array(),
  lnBetas: new Float64Array(),
};
