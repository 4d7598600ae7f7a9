import type { GapMixture } from '../models/gap-mixture.js';
import { weighNodes } from '../models/regularity-prior.js';

/** The six numbers of a population, in time units of `unitDays`. */
export interface PopulationParameters {
  readonly unitDays: number;
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
  /** Shape and rate of the gamma distribution of regularity over customers. */
  readonly tk: number;
  readonly gk: number;
}

/** The mixture over k that the parameters stand for. */
export function mixtureOf({ r, alpha, a, b, tk, gk }: PopulationParameters): GapMixture {
  return { r, alpha, a, b, nodes: weighNodes(tk, gk) };
}

/**
 * The point that a fit moves: ln(r, typical gap, a, b, typical k, concentration of k). Typical values have a meaning of
 * their own, so that a prior can be stated for each by itself.
 */
export function toPoint({ r, alpha, a, b, tk, gk }: PopulationParameters): number[] {
  return [r, alpha / r, a, b, tk / gk, tk].map(Math.log);
}

export function fromPoint(point: readonly number[], unitDays: number): PopulationParameters {
  const [r = 1, gap = 1, a = 1, b = 1, k = 1, tk = 1] = point.map(Math.exp);
  return { unitDays, r, alpha: gap * r, a, b, tk, gk: tk / k };
}

/** The same parameters in another time unit: only alpha has time in it. */
export function inUnit(parameters: PopulationParameters, unitDays: number): PopulationParameters {
  const alpha = (parameters.alpha * parameters.unitDays) / unitDays;
  return { ...parameters, alpha, unitDays };
}
