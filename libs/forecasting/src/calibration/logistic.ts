/** Inputs of a regression: `size` rows of `width` numbers each, one after the other. */
export interface Design {
  readonly size: number;
  readonly width: number;
  readonly values: Float64Array;
  /** 0 or 1. */
  readonly outcome: Uint8Array;
}

/** ln(p/(1-p)) = intercept + coefficients * inputs. */
export interface Logistic {
  readonly intercept: number;
  readonly coefficients: readonly number[];
}

/**
 * Ridge-regularised logistic regression by iteratively reweighted least squares, on standardised inputs. The ridge
 * draws towards `towards` (0 without), the intercept is free. Undefined without both outcomes.
 */
export function fitLogistic(
  { size, width, values, outcome }: Design,
  { ridge = 1, towards, skip }: LogisticOptions = {},
): Logistic | undefined {
  const { mean, sd } = momentsOf(values, size, width, skip);
  const aim = sd.map((s, j) => (towards?.[j] ?? 0) * s);
  const n = width + 1;
  const beta = [...aim, 0];
  const row = new Float64Array(n);
  for (let iteration = 0; iteration < 50; iteration++) {
    const gradient = new Float64Array(n);
    const hessian = new Float64Array(n * n);
    let positives = 0;
    let used = 0;
    for (let i = 0; i < size; i++) {
      if (skip?.[i]) continue;
      used += 1;
      positives += outcome[i] ?? 0;
      let eta = beta[width] ?? 0;
      for (let j = 0; j < width; j++) {
        const z = ((values[i * width + j] ?? 0) - (mean[j] ?? 0)) / (sd[j] ?? 1);
        row[j] = z;
        eta += z * (beta[j] ?? 0);
      }
      row[width] = 1;
      const p = 1 / (1 + Math.exp(-eta));
      const error = (outcome[i] ?? 0) - p;
      const weight = Math.max(p * (1 - p), 1e-10);
      for (let j = 0; j < n; j++) {
        const z = row[j] ?? 0;
        gradient[j] = (gradient[j] ?? 0) + z * error;
        for (let l = 0; l <= j; l++) {
          hessian[j * n + l] = (hessian[j * n + l] ?? 0) + weight * z * (row[l] ?? 0);
        }
      }
    }
    if (positives === 0 || positives === used) return undefined;
    for (let j = 0; j < width; j++) {
      gradient[j] = (gradient[j] ?? 0) - ridge * ((beta[j] ?? 0) - (aim[j] ?? 0));
      hessian[j * n + j] = (hessian[j * n + j] ?? 0) + ridge;
    }
    const step = solveCholesky(hessian, gradient, n);
    let largest = 0;
    for (let j = 0; j < n; j++) {
      // Far steps happen with few rows only; bounded they come back.
      const move = Math.max(-4, Math.min(4, step[j] ?? 0));
      beta[j] = (beta[j] ?? 0) + move;
      largest = Math.max(largest, Math.abs(move));
    }
    if (largest < 1e-9) break;
  }
  const coefficients = sd.map((s, j) => (beta[j] ?? 0) / s);
  const shift = coefficients.reduce((sum, c, j) => sum + c * (mean[j] ?? 0), 0);
  return { intercept: (beta[width] ?? 0) - shift, coefficients };
}

export interface LogisticOptions {
  readonly ridge?: number;
  /** Coefficients (of the inputs as they are) that hold without data. */
  readonly towards?: readonly number[];
  /** Rows with a 1 are left out. */
  readonly skip?: Uint8Array;
}

/** ln(p/(1-p)) of the row that starts at `offset`. */
export function linearAt(model: Logistic, values: ArrayLike<number>, offset = 0): number {
  let eta = model.intercept;
  for (let j = 0; j < model.coefficients.length; j++) {
    eta += (model.coefficients[j] ?? 0) * (values[offset + j] ?? 0);
  }
  return eta;
}

function momentsOf(
  values: Float64Array,
  size: number,
  width: number,
  skip: Uint8Array | undefined,
): { mean: number[]; sd: number[] } {
  const mean = new Array<number>(width).fill(0);
  const squares = new Array<number>(width).fill(0);
  let used = 0;
  for (let i = 0; i < size; i++) {
    if (skip?.[i]) continue;
    used += 1;
    for (let j = 0; j < width; j++) {
      const v = values[i * width + j] ?? 0;
      const before = v - (mean[j] ?? 0);
      mean[j] = (mean[j] ?? 0) + before / used;
      squares[j] = (squares[j] ?? 0) + before * (v - (mean[j] ?? 0));
    }
  }
  return { mean, sd: squares.map((s) => Math.sqrt(s / Math.max(1, used)) || 1) };
}

/** Solves H x = g for a symmetric positive definite H, of which the lower half is given. */
function solveCholesky(hessian: Float64Array, gradient: Float64Array, n: number): Float64Array {
  const L = Float64Array.from(hessian);
  const at = (i: number, j: number): number => L[i * n + j] ?? 0;
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = at(i, j);
      for (let l = 0; l < j; l++) sum -= at(i, l) * at(j, l);
      L[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / at(j, j);
    }
  }
  const x = Float64Array.from(gradient);
  for (let i = 0; i < n; i++) {
    let sum = x[i] ?? 0;
    for (let l = 0; l < i; l++) sum -= at(i, l) * (x[l] ?? 0);
    x[i] = sum / at(i, i);
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i] ?? 0;
    for (let l = i + 1; l < n; l++) sum -= at(l, i) * (x[l] ?? 0);
    x[i] = sum / at(i, i);
  }
  return x;
}
