export interface Point {
  readonly at: number;
  readonly weight: number;
}

const rules = new Map<number, readonly Point[]>();

/** Gauss-Legendre points on [0, 1], found once by Newton's method on the Legendre polynomial. */
export function gaussLegendre(n: number): readonly Point[] {
  const known = rules.get(n);
  if (known) return known;
  const points = Array.from({ length: n }, (_, i) => point(n, i));
  rules.set(n, points);
  return points;
}

function point(n: number, i: number): Point {
  let z = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
  let slope = 1;
  for (let step = 0; step < 20; step++) {
    let before = 0;
    let value = 1;
    for (let j = 1; j <= n; j++) {
      [before, value] = [value, ((2 * j - 1) * z * value - (j - 1) * before) / j];
    }
    slope = (n * (z * value - before)) / (z * z - 1);
    z -= value / slope;
  }
  return { at: (1 + z) / 2, weight: 1 / ((1 - z * z) * slope * slope) };
}
