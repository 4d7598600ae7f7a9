import type { Scores } from '../../forecaster.js';
import { logLossOf } from '../metrics/probability-metrics.js';
import type { Losses } from './paired-bootstrap.js';
import type { Scene } from './scene.js';

/** What one row of an origin adds to a sum and to what it is divided by; undefined where it is not judged. */
type Share = readonly [loss: number, counted: number] | undefined;

/**
 * Shares of all origins, summed by customer: whoever is drawn in a bootstrap is drawn with all that was said of him.
 * Undefined where nothing counts.
 * @param shareIn what to read of an origin; undefined where it has nothing of the kind
 */
export function lossesOver(
  scenes: readonly Scene[],
  customers: number,
  shareIn: (scene: Scene) => ((row: number) => Share) | undefined,
): Losses | undefined {
  const loss = new Float64Array(customers);
  const counted = new Float64Array(customers);
  for (const scene of scenes) {
    const shareOf = shareIn(scene);
    if (!shareOf) continue;
    scene.truth.statistics.customer.forEach((customer, row) => {
      const [more, count] = shareOf(row) ?? [0, 0];
      loss[customer] = (loss[customer] ?? 0) + more;
      counted[customer] = (counted[customer] ?? 0) + count;
    });
  }
  return counted.some((n) => n > 0) ? { loss, counted } : undefined;
}

export type Side = 'own' | 'rfm' | 'fairRule' | 'active';

/** What probabilities of a horizon cost, per customer and origin. */
export function probabilityLoss(side: Side, horizonDays: number) {
  return (scene: Scene): ((row: number) => Share) | undefined => {
    const probability = columnsOf(scene[side], horizonDays)?.probability;
    return (
      probability &&
      ((row) => [logLossOf(probability[row] ?? 0, bought(scene, row, horizonDays)), 1])
    );
  };
}

/** Sum of the probabilities over those who bought. */
export function probabilityLevel(horizonDays: number) {
  return (scene: Scene): ((row: number) => Share) | undefined => {
    const probability = columnsOf(scene.own, horizonDays)?.probability;
    return probability && ((row) => [probability[row] ?? 0, bought(scene, row, horizonDays)]);
  };
}

/** Expected purchases over those that came. */
export function countLevel(horizonDays: number) {
  return (scene: Scene): ((row: number) => Share) | undefined => {
    const count = columnsOf(scene.own, horizonDays)?.count;
    return count && ((row) => [count[row] ?? 0, cameIn(scene, row, horizonDays)]);
  };
}

/** With less time after it an origin shows the early ones alone, and every date looks too late. */
const LEAST_FOLLOWED_DAYS = 180;

/** Days by which dates missed, of repeaters who came back. */
export function dateLoss(side: Side) {
  return (scene: Scene): ((row: number) => Share) | undefined => {
    const { truth } = scene;
    const dates = scene[side]?.dates;
    if (!dates || truth.followUpDays < LEAST_FOLLOWED_DAYS) return undefined;
    const { asOfDay, purchaseDays } = truth.statistics;
    return (row) => {
      const next = truth.daysToNext[row] ?? 0;
      if (next === 0 || (purchaseDays[row] ?? 0) < 2) return undefined;
      return [Math.abs((dates.expectedDay[row] ?? 0) - (asOfDay[row] ?? 0) - next), 1];
    };
  };
}

/** Purchases inside their windows over all that came. */
export function windowHits({ own, truth }: Scene): ((row: number) => Share) | undefined {
  const { windowFrom, windowTo } = own.dates ?? {};
  if (!windowFrom || !windowTo || truth.followUpDays < LEAST_FOLLOWED_DAYS) return undefined;
  return (row) => {
    const next = truth.daysToNext[row] ?? 0;
    if (next === 0) return undefined;
    const day = (truth.statistics.asOfDay[row] ?? 0) + next;
    return [(windowFrom[row] ?? 0) <= day && day <= (windowTo[row] ?? 0) ? 1 : 0, 1];
  };
}

export function columnsOf(
  scores: Scores | undefined,
  horizonDays: number,
): NonNullable<Scores['horizons']>[number] | undefined {
  return scores?.horizons?.find((own) => own.horizonDays === horizonDays);
}

export function bought(scene: Scene, row: number, horizonDays: number): 0 | 1 {
  return cameIn(scene, row, horizonDays) > 0 ? 1 : 0;
}

function cameIn({ truth }: Scene, row: number, horizonDays: number): number {
  const outcomes = truth.horizons.find((own) => own.horizonDays === horizonDays);
  return outcomes?.count[row] ?? 0;
}
