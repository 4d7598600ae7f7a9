import type { Minimum, Objective } from './objective.js';

/**
 * Nelder and Mead's simplex with coefficients adapted to the dimension (Gao and Han, 2012). Ends when neither the
 * value nor the point moves any more, relative to their size.
 */
export function nelderMead(
  objective: Objective,
  start: readonly number[],
  { step = 0.1, tolerance = 1e-9, maxEvaluations = 2000 } = {},
): Minimum {
  const n = start.length;
  let evaluations = 0;
  const measure = (point: number[]): Minimum => {
    evaluations += 1;
    const value = objective(point);
    return { point, value: Number.isFinite(value) ? value : Infinity };
  };
  let simplex = [measure([...start])];
  for (let i = 0; i < n; i++) {
    simplex.push(measure(start.map((v, j) => (j === i ? v + step : v))));
  }
  const [expand, contract, shrink] = [1 + 2 / n, 0.75 - 1 / (2 * n), 1 - 1 / n];
  while (evaluations < maxEvaluations) {
    simplex.sort((p, q) => p.value - q.value);
    const [best, worst, second] = [simplex[0], simplex[n], simplex[n - 1]];
    if (!best || !worst || !second) break;
    const spread = Math.abs(worst.value - best.value);
    if (spread <= tolerance * (Math.abs(best.value) + 1e-12) && widthOf(simplex) < 1e-4) break;
    const centre = best.point.map(
      (_, j) => simplex.slice(0, n).reduce((sum, { point }) => sum + (point[j] ?? 0), 0) / n,
    );
    const along = (factor: number): Minimum =>
      measure(centre.map((c, j) => c + factor * ((worst.point[j] ?? 0) - c)));
    const reflected = along(-1);
    let next: Minimum | undefined;
    if (reflected.value < best.value) {
      const further = along(-expand);
      next = further.value < reflected.value ? further : reflected;
    } else if (reflected.value < second.value) {
      next = reflected;
    } else {
      const inner = reflected.value < worst.value ? along(-contract) : along(contract);
      if (inner.value < Math.min(reflected.value, worst.value)) next = inner;
    }
    if (next) simplex[n] = next;
    else {
      simplex = simplex.map((vertex, i) =>
        i === 0
          ? vertex
          : measure(vertex.point.map((v, j) => (best.point[j] ?? 0) * (1 - shrink) + v * shrink)),
      );
    }
  }
  return simplex.reduce((p, q) => (q.value < p.value ? q : p));
}

function widthOf(simplex: readonly Minimum[]): number {
  const best = simplex[0]?.point ?? [];
  let width = 0;
  for (const { point } of simplex) {
    point.forEach((v, j) => (width = Math.max(width, Math.abs(v - (best[j] ?? 0)))));
  }
  return width;
}
