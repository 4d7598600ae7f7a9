/**
 * A smooth curve through points that never falls where they don't (Fritsch and Carlson's monotone cubic). Constant outside.
 * @param points ascending in x, at least two
 */
export function monotoneCurve(
  points: readonly { readonly x: number; readonly y: number }[],
): (x: number) => number {
  const slopes = slopesOf(points);
  return (x) => {
    let i = 0;
    while (i < points.length - 2 && x > (points[i + 1]?.x ?? 0)) i += 1;
    const [from, to] = [points[i], points[i + 1]];
    if (!from || !to) return points[0]?.y ?? Number.NaN;
    const h = to.x - from.x;
    const t = Math.min(1, Math.max(0, (x - from.x) / h));
    const [m0, m1] = [slopes[i] ?? 0, slopes[i + 1] ?? 0];
    return (
      from.y * (1 + 2 * t) * (1 - t) ** 2 +
      h * m0 * t * (1 - t) ** 2 +
      to.y * t ** 2 * (3 - 2 * t) +
      h * m1 * t ** 2 * (t - 1)
    );
  };
}

function slopesOf(points: readonly { readonly x: number; readonly y: number }[]): number[] {
  const secants = points.slice(1).map(({ x, y }, i) => {
    const before = points[i];
    return before ? (y - before.y) / (x - before.x) : 0;
  });
  return points.map((_, i) => {
    const [left, right] = [secants[i - 1], secants[i]];
    if (left === undefined) return right ?? 0;
    if (right === undefined) return left;
    // The harmonic mean stays within three times the flatter side, which is what keeps the curve monotone.
    return left * right <= 0 ? 0 : (2 * left * right) / (left + right);
  });
}
