import { fitLogistic } from '../../calibration/logistic.js';
import { ascending } from './ranking.js';

export interface ProbabilityMetrics {
  readonly logLoss: number;
  readonly brier: number;
  /** Sum of probabilities over buyers: 1 where the level is right. */
  readonly levelRatio?: number;
  /** Logistic regression of the outcome on the log-odds of P: ideal 0 and 1. */
  readonly calibrationIntercept?: number;
  readonly calibrationSlope?: number;
  readonly reliability: readonly ReliabilityBin[];
}

/** A tenth of the customers, by ascending probability. */
export interface ReliabilityBin {
  readonly customers: number;
  readonly predicted: number;
  readonly actual: number;
}

const LEAST_PROBABILITY = 1e-6;

export function clipped(p: number): number {
  return Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, p));
}

/** What a probability cost one customer: -ln of what was given to what happened. */
export function logLossOf(p: number, bought: number): number {
  const q = clipped(p);
  return bought === 1 ? -Math.log(q) : -Math.log1p(-q);
}

/** @param bought 1 where at least one purchase came within the horizon */
export function probabilityMetrics(
  probability: Float64Array,
  bought: Uint8Array,
): ProbabilityMetrics {
  const n = bought.length;
  let [loss, squares, sum, buyers] = [0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [p, y] = [probability[i] ?? 0, bought[i] ?? 0];
    loss += logLossOf(p, y);
    squares += (p - y) ** 2;
    sum += p;
    buyers += y;
  }
  return {
    logLoss: loss / n,
    brier: squares / n,
    ...(buyers > 0 && { levelRatio: sum / buyers }),
    ...calibration(probability, bought),
    reliability: reliability(probability, bought),
  };
}

function calibration(
  probability: Float64Array,
  bought: Uint8Array,
): { calibrationIntercept?: number; calibrationSlope?: number } {
  const values = probability.map((p) => Math.log(clipped(p)) - Math.log1p(-clipped(p)));
  // Without any variation in P, or in what happened, there is no slope to speak of.
  if (values.every((value) => value === values[0])) return {};
  const fit = fitLogistic({ size: bought.length, width: 1, values, outcome: bought }, { ridge: 0 });
  return fit
    ? { calibrationIntercept: fit.intercept, calibrationSlope: fit.coefficients[0] ?? 0 }
    : {};
}

const BINS = 10;

function reliability(probability: Float64Array, bought: Uint8Array): ReliabilityBin[] {
  const order = ascending(probability);
  const bins: ReliabilityBin[] = [];
  for (let bin = 0; bin < BINS; bin++) {
    const from = Math.floor((bin * order.length) / BINS);
    const to = Math.floor(((bin + 1) * order.length) / BINS);
    if (to === from) continue;
    let [predicted, actual] = [0, 0];
    for (let i = from; i < to; i++) {
      predicted += probability[order[i] ?? 0] ?? 0;
      actual += bought[order[i] ?? 0] ?? 0;
    }
    const customers = to - from;
    bins.push({ customers, predicted: predicted / customers, actual: actual / customers });
  }
  return bins;
}
