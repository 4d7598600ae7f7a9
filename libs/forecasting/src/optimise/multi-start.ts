import type { Minimum } from './objective.js';

export interface MultiStart extends Minimum {
  /** Whether a second start led to the same minimum. */
  readonly agreed: boolean;
  /** The start that the best came from. */
  readonly start: readonly number[];
}

type Search = (start: readonly number[]) => Minimum;

/**
 * The best of several starts. Two that agree are no proof of the global minimum, but two that don't are proof of trouble.
 * @param minimise is run from each start; `polish` once, from the best
 * @param agreement by which the values of the best two may differ
 */
export function multiStart(
  { minimise, polish }: { minimise: Search; polish: Search },
  starts: readonly (readonly number[])[],
  agreement: number,
): MultiStart {
  const found = starts
    .map((start) => ({ start, ...minimise(start) }))
    .sort((p, q) => p.value - q.value);
  const [best, second] = found;
  if (!best) throw new RangeError('There is no start.');
  const polished = polish(best.point);
  return {
    ...(polished.value <= best.value ? polished : best),
    start: best.start,
    agreed: second !== undefined && second.value - best.value <= agreement,
  };
}
