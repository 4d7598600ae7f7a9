import { correlation } from './ranking.js';

export interface CountMetrics {
  readonly predicted: number;
  readonly actual: number;
  /** (predicted - actual) / actual, of the totals. */
  readonly bias?: number;
  /** Per customer. */
  readonly mae: number;
  readonly rmse: number;
  /** Mean squared error of ln(1 + count). */
  readonly msle: number;
  readonly correlation?: number;
  /** Sum of errors over the sum of purchases; published tables mix it with the MAE per customer. */
  readonly relativeMae?: number;
  readonly byFrequency: readonly FrequencyBand[];
}

/** Customers with so many repeats by the origin; 7 stands for 7 and more. */
export interface FrequencyBand {
  readonly repeats: number;
  readonly customers: number;
  readonly predicted: number;
  readonly actual: number;
}

const LAST_BAND = 7;

/** @param purchaseDays distinct purchase days of each customer by the origin */
export function countMetrics(
  predicted: Float64Array,
  actual: Uint32Array,
  purchaseDays: Uint32Array,
): CountMetrics {
  const n = actual.length;
  let [sumP, sumA, absolute, squares, logSquares] = [0, 0, 0, 0, 0];
  const bands = Array.from({ length: LAST_BAND + 1 }, () => ({ customers: 0, p: 0, a: 0 }));
  for (let i = 0; i < n; i++) {
    const [p, a] = [predicted[i] ?? 0, actual[i] ?? 0];
    sumP += p;
    sumA += a;
    absolute += Math.abs(p - a);
    squares += (p - a) ** 2;
    logSquares += (Math.log1p(p) - Math.log1p(a)) ** 2;
    const band = bands[Math.min(LAST_BAND, (purchaseDays[i] ?? 1) - 1)];
    if (!band) continue;
    band.customers += 1;
    band.p += p;
    band.a += a;
  }
  const related = correlation(predicted, Float64Array.from(actual));
  return {
    predicted: sumP,
    actual: sumA,
    ...(sumA > 0 && { bias: (sumP - sumA) / sumA, relativeMae: absolute / sumA }),
    mae: absolute / n,
    rmse: Math.sqrt(squares / n),
    msle: logSquares / n,
    ...(related !== undefined && { correlation: related }),
    byFrequency: bands.flatMap(({ customers, p, a }, repeats) =>
      customers === 0
        ? []
        : [{ repeats, customers, predicted: p / customers, actual: a / customers }],
    ),
  };
}
