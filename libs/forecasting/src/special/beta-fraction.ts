// Bound once: these run by the million, and a look-up of the global each time is slow in sandboxes such as test runners.
const { abs } = Math;

/**
 * The continued fraction of the incomplete beta function: I_w(p, q) = w^p (1-w)^q / (p B(p,q)) * betaFraction(w, p, q),
 * for w below (p+1)/(p+q+2), where it converges fast. Source: Lentz' method on DLMF 8.17.22.
 * Where many calls share B(p, q), this is several times quicker than a library that computes it anew in each.
 */
export function betaFraction(w: number, p: number, q: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((p + q) * w) / (p + 1));
  let fraction = d;
  for (let m = 1; m <= MAX_STEPS; m++) {
    const even = (m * (q - m) * w) / ((p + 2 * m - 1) * (p + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    fraction *= d * c;
    const odd = (-(p + m) * (p + q + m) * w) / ((p + 2 * m) * (p + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    const step = d * c;
    fraction *= step;
    if (abs(step - 1) < 1e-15) break;
  }
  return fraction;
}

/** The number of steps grows with the square root of the larger parameter: enough for 10 million. */
const MAX_STEPS = 10_000;

function awayFromZero(value: number): number {
  return abs(value) < 1e-300 ? 1e-300 : value;
}
