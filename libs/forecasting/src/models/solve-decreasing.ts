// Bound once: these run by the million, and a look-up of the global each time is slow in sandboxes such as test runners.
const { abs, exp, max, min } = Math;

/**
 * The root of a decreasing function between two bounds: Newton's steps in ln(v - low), which distributions of gaps are
 * nearly straight in, kept inside a bracket that every value narrows.
 */
export function solveDecreasing(
  value: (v: number) => number,
  slope: (v: number) => number,
  low: number,
  high: number,
): number {
  const range = high - low;
  let below = -60;
  let above = 0;
  let y = -1.5;
  for (let step = 0; step < 100; step++) {
    const part = range * exp(y);
    const error = value(low + part);
    if (error > 0) below = y;
    else above = y;
    const newton = y - error / (slope(low + part) * part);
    // Newton's steps square the error: after one as small as this the next digit is far below a day's thousandth.
    if (abs(newton - y) < 1e-6) return low + range * exp(min(0, newton));
    const inside = newton > below && newton < above;
    const next = inside ? newton : (max(below, above - 8) + above) / 2;
    if (above - below < 1e-12) break;
    y = next;
  }
  return low + range * exp(y);
}
