import { weighNodes } from '../models/regularity-prior.js';
import type { FitRows } from './fit-rows.js';
import { mixtureSlopes } from './mixture-slopes.js';
import { fromPoint, mixtureOf } from './population-parameters.js';

const STEP = 1e-4;

/** The rows' log-likelihood at a point that a fit moves, and its change with each coordinate. */
export function populationSlopes(
  point: readonly number[],
  unitDays: number,
  rows: FitRows,
): { readonly value: number; readonly slopes: readonly number[] } {
  const parameters = fromPoint(point, unitDays);
  const { r, alpha, a, b } = parameters;
  const found = mixtureSlopes(mixtureOf(parameters), rows);
  const along = (coordinate: number): number => {
    const at = (step: number): number[] => {
      const { tk, gk } = fromPoint(
        point.map((v, j) => (j === coordinate ? v + step : v)),
        unitDays,
      );
      return weighNodes(tk, gk).map(({ weight }) => weight);
    };
    const below = at(-STEP);
    return at(STEP).reduce(
      (sum, weight, g) => sum + ((weight - (below[g] ?? 0)) / (2 * STEP)) * (found.weights[g] ?? 0),
      0,
    );
  };
  // alpha is the typical gap times r, so it moves with both.
  const slopes = [
    r * found.r + alpha * found.alpha,
    alpha * found.alpha,
    a * found.a,
    b * found.b,
    along(4),
    along(5),
  ];
  return { value: found.value, slopes };
}
