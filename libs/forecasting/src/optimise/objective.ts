export type Objective = (point: readonly number[]) => number;

/** Writes the gradient at the point into `into` and returns the value. */
export type ObjectiveWithGradient = (point: readonly number[], into: number[]) => number;

export interface Minimum {
  readonly point: readonly number[];
  readonly value: number;
}

/** Gradient by central differences, for objectives that have none of their own. */
export function withDifferences(objective: Objective, step = 1e-5): ObjectiveWithGradient {
  return (point, into) => {
    const moved = [...point];
    point.forEach((v, j) => {
      moved[j] = v + step;
      const above = objective(moved);
      moved[j] = v - step;
      into[j] = (above - objective(moved)) / (2 * step);
      moved[j] = v;
    });
    return objective(point);
  };
}
