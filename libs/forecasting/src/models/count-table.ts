import { countAfterPurchase, type PurchaseState } from './count-after-purchase.js';

// Bound once: these run by the million, and a look-up of the global each time is slow in sandboxes such as test runners.
const { exp, floor, log } = Math;

/** Knots lie this far apart in ln t: the relative error stays below five millionths. */
const STEP = 1 / 8;
const FIRST = -9;
const LAST = 8;
const KNOTS = (LAST - FIRST) / STEP + 1;

/**
 * Expected purchases right after a purchase, over the horizon t = h/A. Customers of one frequency and regularity share this
 * curve, which takes a sum of up to thousands of terms at each point, so it is looked up: cubics in ln t through knots
 * that are computed when they are first needed.
 */
export class CountTable {
  private readonly knots = new Float64Array(KNOTS).fill(NaN);

  constructor(private readonly state: PurchaseState) {}

  at(t: number): number {
    const place = (log(t) - FIRST) / STEP;
    const cell = floor(place);
    if (!(cell >= 1 && cell < KNOTS - 2)) return countAfterPurchase(this.state, t);
    const p = place - cell;
    const [q, o] = [p - 1, p + 1];
    const r = p - 2;
    return exp(
      (-p * q * r * this.knot(cell - 1) +
        3 * o * q * r * this.knot(cell) -
        3 * o * p * r * this.knot(cell + 1) +
        o * p * q * this.knot(cell + 2)) /
        6,
    );
  }

  private knot(i: number): number {
    let value = this.knots[i] ?? NaN;
    if (Number.isNaN(value)) {
      value = log(countAfterPurchase(this.state, exp(FIRST + i * STEP)));
      this.knots[i] = value;
    }
    return value;
  }
}
