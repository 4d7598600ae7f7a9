import { solvePositive } from './solve-positive.js';

/** A fitted logistic regression: log-odds = intercept + sum of slope times input. */
export interface LogisticModel {
  readonly intercept: number;
  readonly slopes: readonly number[];
}

export interface LogisticOptions {
  /** Penalty on the squared slopes of standardised inputs; the intercept goes free. */
  readonly ridge?: number;
  /** How much each row counts; 1 without. */
  readonly weights?: ArrayLike<number>;
}

const MOST_STEPS = 60;

/**
 * Logistic regression by iteratively reweighted least squares, on standardised inputs. With a ridge it has one finite
 * solution for any data, separable data included; the steps are halved until the likelihood rises, so it always arrives.
 * @param inputs columns of equal length
 * @param outcomes 0 or 1 per row
 */
export function fitLogistic(
  inputs: readonly Float64Array[],
  outcomes: ArrayLike<number>,
  { ridge = 1, weights }: LogisticOptions = {},
): LogisticModel {
  const rows = outcomes.length;
  const weight = (row: number): number => weights?.[row] ?? 1;
  const base = baseRate(outcomes, weight);
  const start = Math.log(base.rate / (1 - base.rate));
  // One kind of outcome only: no slope can be learnt, and the intercept alone would run away.
  if (!base.mixed) return { intercept: start, slopes: inputs.map(() => 0) };

  const columns = inputs.map((column) => standardised(column, weight));
  const size = columns.length + 1;
  const input = (column: number, row: number): number =>
    column === 0 ? 1 : (columns[column - 1]?.values[row] ?? 0);
  const scoreOf = (beta: Float64Array, row: number): number => {
    let score = 0;
    for (let c = 0; c < size; c++) score += (beta[c] ?? 0) * input(c, row);
    return score;
  };
  const objective = (beta: Float64Array): number => {
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      const score = scoreOf(beta, row);
      sum += weight(row) * ((outcomes[row] ?? 0) * score - softplus(score));
    }
    for (let c = 1; c < size; c++) sum -= (ridge / 2) * (beta[c] ?? 0) ** 2;
    return sum;
  };

  let beta = new Float64Array(size);
  beta[0] = start;
  let value = objective(beta);
  for (let step = 0; step < MOST_STEPS; step++) {
    const { gradient, curvature } = newtonSystem(beta);
    const direction = solvePositive(curvature, gradient);
    const better = lineSearch(beta, direction, value, objective);
    if (!better) break;
    const gain = better.value - value;
    ({ beta, value } = better);
    if (gain < 1e-10 * (1 + Math.abs(value))) break;
  }
  return onRawInputs(beta, columns);

  function newtonSystem(at: Float64Array): { gradient: Float64Array; curvature: Float64Array } {
    const gradient = new Float64Array(size);
    const curvature = new Float64Array(size * size);
    for (let row = 0; row < rows; row++) {
      const p = sigmoid(scoreOf(at, row));
      const residual = weight(row) * ((outcomes[row] ?? 0) - p);
      const w = weight(row) * p * (1 - p);
      for (let i = 0; i < size; i++) {
        const value = input(i, row);
        gradient[i] = (gradient[i] ?? 0) + residual * value;
        for (let j = 0; j <= i; j++) {
          curvature[i * size + j] = (curvature[i * size + j] ?? 0) + w * value * input(j, row);
        }
      }
    }
    for (let i = 0; i < size; i++) {
      if (i > 0) gradient[i] = (gradient[i] ?? 0) - ridge * (at[i] ?? 0);
      // A hair on the diagonal keeps inputs that never vary from making the system singular.
      curvature[i * size + i] = (curvature[i * size + i] ?? 0) + (i > 0 ? ridge : 0) + 1e-9;
    }
    return { gradient, curvature };
  }
}

export function logOddsOf(model: LogisticModel, inputs: readonly number[]): number {
  return model.slopes.reduce((sum, slope, i) => sum + slope * (inputs[i] ?? 0), model.intercept);
}

export function sigmoid(logOdds: number): number {
  if (logOdds >= 0) return 1 / (1 + Math.exp(-logOdds));
  const e = Math.exp(logOdds);
  return e / (1 + e);
}

/** ln(1 + e^x) without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** Half an outcome of each kind is added where only one kind was seen: an honest rate that is never 0 or 1. */
function baseRate(
  outcomes: ArrayLike<number>,
  weight: (row: number) => number,
): { rate: number; mixed: boolean } {
  let ones = 0;
  let all = 0;
  for (let row = 0; row < outcomes.length; row++) {
    ones += weight(row) * (outcomes[row] ?? 0);
    all += weight(row);
  }
  const mixed = ones > 0 && ones < all;
  return { rate: mixed ? ones / all : (ones + 0.5) / (all + 1), mixed };
}

interface Standardised {
  readonly mean: number;
  readonly scale: number;
  readonly values: Float64Array;
}

function standardised(column: Float64Array, weight: (row: number) => number): Standardised {
  let all = 0;
  let sum = 0;
  for (let row = 0; row < column.length; row++) {
    all += weight(row);
    sum += weight(row) * (column[row] ?? 0);
  }
  const mean = sum / all;
  let squares = 0;
  for (let row = 0; row < column.length; row++) {
    squares += weight(row) * ((column[row] ?? 0) - mean) ** 2;
  }
  const deviation = Math.sqrt(squares / all);
  const scale = deviation > 1e-12 * (1 + Math.abs(mean)) ? deviation : 1;
  return { mean, scale, values: column.map((value) => (value - mean) / scale) };
}

function lineSearch(
  from: Float64Array,
  direction: Float64Array,
  value: number,
  objective: (beta: Float64Array) => number,
): { beta: Float64Array<ArrayBuffer>; value: number } | undefined {
  for (let factor = 1; factor > 1e-6; factor /= 2) {
    const beta = from.map((b, i) => b + factor * (direction[i] ?? 0));
    const reached = objective(beta);
    if (reached > value) return { beta, value: reached };
  }
  return undefined;
}

function onRawInputs(beta: Float64Array, columns: readonly Standardised[]): LogisticModel {
  const slopes = columns.map(({ scale }, i) => (beta[i + 1] ?? 0) / scale);
  const shift = columns.reduce((sum, { mean }, i) => sum + mean * (slopes[i] ?? 0), 0);
  return { intercept: (beta[0] ?? 0) - shift, slopes };
}
