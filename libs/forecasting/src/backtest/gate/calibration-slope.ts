import { fitLogistic } from '../../calibration/logistic.js';
import { clipped } from '../metrics/probability-metrics.js';
import { bought, columnsOf } from './losses.js';
import type { Interval } from './paired-bootstrap.js';
import type { Scene } from './scene.js';

/**
 * Slope of the outcomes over the log-odds of P, all origins together, with its 95 % interval. Rows of one customer say
 * much the same, so the interval is made of what each customer as a whole pulls (the sandwich estimator).
 */
export function calibrationSlope(
  scenes: readonly Scene[],
  horizonDays: number,
): Interval | undefined {
  const rows = scenes.flatMap((scene) => {
    const probability = columnsOf(scene.own, horizonDays)?.probability;
    if (!probability) return [];
    return Array.from(probability, (p, row) => ({
      logit: Math.log(clipped(p)) - Math.log1p(-clipped(p)),
      outcome: bought(scene, row, horizonDays),
      customer: scene.truth.statistics.customer[row] ?? 0,
    }));
  });
  const values = Float64Array.from(rows, ({ logit }) => logit);
  // Without any variation in P, or in what happened, there is no slope to speak of.
  if (values.every((value) => value === values[0])) return undefined;
  const outcome = Uint8Array.from(rows, (row) => row.outcome);
  const fit = fitLogistic({ size: rows.length, width: 1, values, outcome }, { ridge: 0 });
  if (!fit) return undefined;
  const slope = fit.coefficients[0] ?? 0;
  let [all, byLogit, bySquare] = [0, 0, 0];
  const pulls = new Map<number, [level: number, slope: number]>();
  for (const row of rows) {
    const p = 1 / (1 + Math.exp(-fit.intercept - slope * row.logit));
    const weight = p * (1 - p);
    all += weight;
    byLogit += weight * row.logit;
    bySquare += weight * row.logit ** 2;
    const pull = pulls.get(row.customer) ?? [0, 0];
    pulls.set(row.customer, [pull[0] + row.outcome - p, pull[1] + (row.outcome - p) * row.logit]);
  }
  const determinant = all * bySquare - byLogit ** 2;
  let variance = 0;
  for (const [level, tilt] of pulls.values()) {
    variance += ((all * tilt - byLogit * level) / determinant) ** 2;
  }
  const reach = 1.96 * Math.sqrt(variance);
  return { difference: slope, low: slope - reach, high: slope + reach };
}
