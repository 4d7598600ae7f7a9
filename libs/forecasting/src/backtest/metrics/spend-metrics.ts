import { ascending, normalisedGini, spearman } from './ranking.js';

/** Money in minor units. */
export interface SpendMetrics {
  readonly predicted: number;
  readonly actual: number;
  readonly bias?: number;
  readonly mae: number;
  readonly spearman?: number;
  readonly normalisedGini?: number;
  /** Share of all spend that the tenth with the highest prediction brought. */
  readonly topDecileShare?: number;
  /** Mean over tenths by prediction of abs(predicted - actual)/actual of their totals. */
  readonly decileMape?: number;
}

export function spendMetrics(predicted: Float64Array, actual: Float64Array): SpendMetrics {
  const n = actual.length;
  let [sumP, sumA, absolute] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [p, a] = [predicted[i] ?? 0, actual[i] ?? 0];
    sumP += p;
    sumA += a;
    absolute += Math.abs(p - a);
  }
  const ranked = spearman(predicted, actual);
  const gini = normalisedGini(predicted, actual);
  const deciles = decilesOf(predicted, actual);
  const errors = deciles.flatMap(({ p, a }) => (a > 0 ? [Math.abs(p - a) / a] : []));
  return {
    predicted: sumP,
    actual: sumA,
    mae: absolute / n,
    ...(sumA > 0 && {
      bias: (sumP - sumA) / sumA,
      topDecileShare: (deciles.at(-1)?.a ?? 0) / sumA,
    }),
    ...(ranked !== undefined && { spearman: ranked }),
    ...(gini !== undefined && { normalisedGini: gini }),
    ...(errors.length > 0 && {
      decileMape: errors.reduce((sum, error) => sum + error, 0) / errors.length,
    }),
  };
}

/** Totals of ten groups of equal size, by ascending prediction. */
function decilesOf(predicted: Float64Array, actual: Float64Array): { p: number; a: number }[] {
  const order = ascending(predicted);
  const deciles = Array.from({ length: 10 }, () => ({ p: 0, a: 0 }));
  order.forEach((customer, place) => {
    const decile = deciles[Math.floor((10 * place) / order.length)];
    if (!decile) return;
    decile.p += predicted[customer] ?? 0;
    decile.a += actual[customer] ?? 0;
  });
  return deciles;
}
