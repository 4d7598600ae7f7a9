import { lnBeta } from '../special/special-functions.js';
import { gapSurvival } from '../models/gap-law.js';
import type { GapMixture } from '../models/gap-mixture.js';
import { byFrequency } from './by-frequency.js';
import type { FitRows } from './fit-rows.js';
import { noNode, nodeLogarithms, nodeTables } from './node-tables.js';

// Bound once: these run by the million, and a look-up of the global each time is slow in sandboxes such as test runners.
const { exp, log } = Math;

/** Log-likelihood of all rows. The same as the sum over customers of the single one, arranged for many evaluations. */
export function mixtureLogLikelihood(mixture: GapMixture, rows: FitRows): number {
  const { r, a, b } = mixture;
  const lnB = lnBeta(a, b);
  const stays = byFrequency(rows, (x) => lnBeta(a, b + x + 1) - lnB);
  const nodes = nodeTables(mixture, rows);
  const lns = new Float64Array(nodes.length);
  let total = 0;
  for (let i = 0; i < rows.size; i++) {
    const x = rows.x[i] ?? 0;
    const tx = rows.tx[i] ?? 0;
    const silence = (rows.T[i] ?? 0) - tx;
    const dead = a / (b + x);
    const highest = nodeLogarithms(lns, nodes, r, { x, tx, litt: rows.litt[i] ?? 0 });
    let sum = 0;
    for (let g = 0; g < nodes.length; g++) {
      const share = exp((lns[g] ?? 0) - highest);
      if (share < 1e-14) continue;
      const node = nodes[g] ?? noNode;
      const t = silence / (node.alpha + tx);
      sum += share * (gapSurvival(r + node.k * x, node.k, node.lnBetas[x] ?? 0, t) + dead);
    }
    total += (rows.weight[i] ?? 0) * (highest + log(sum) + (stays[x] ?? 0));
  }
  return total;
}
