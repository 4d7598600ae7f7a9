import { special } from '../special/special-functions.js';
import type { GapNode } from './gap-mixture.js';

/** From half as regular as chance to clockwork. Steps are about equal in ln k. */
export const regularityNodes = [0.5, 0.75, 1, 1.5, 2, 3, 4.5, 7, 11, 18] as const;

/** Nodes weighted by the mass of Gamma(shape, rate) between the geometric midpoints of neighbours. */
export function weighNodes(shape: number, rate: number): GapNode[] {
  let below = 0;
  return regularityNodes.map((k, i) => {
    const next = regularityNodes[i + 1];
    const upTo =
      next === undefined ? 1 : special.incompleteGamma(shape, rate * Math.sqrt(k * next));
    const weight = Math.max(0, upTo - below);
    below = Math.max(below, upTo);
    return { k, weight };
  });
}
