/**
 * The default model: gaps of a customer are gamma distributed with a shape k (regularity) that customers have from a
 * set of nodes, with these weights in the population; his rate is Gamma(r, alpha/k), so that all nodes share the prior of
 * the mean gap; he drops out after a purchase with a probability that is Beta(a, b) over the population. One node is
 * MBG-k, one node at 1 is MBG/NBD.
 */
export interface GapMixture {
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
  readonly nodes: readonly GapNode[];
}

export interface GapNode {
  readonly k: number;
  /** Share of the population; the shares sum to 1. */
  readonly weight: number;
}

export interface MbgKParameters {
  readonly k: number;
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}

/** MBG-k states alpha for the gap's own rate; a mixture states it for the mean gap, k times as large. */
export function mixtureOfOne({ k, r, alpha, a, b }: MbgKParameters): GapMixture {
  return { r, alpha: alpha * k, a, b, nodes: [{ k, weight: 1 }] };
}
