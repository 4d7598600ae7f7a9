// Bound once: these run by the million, and a look-up of the global each time is slow in sandboxes such as test runners.
const { abs, exp, log1p, max } = Math;

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
  { ridge = 1, towards, skip, from }: LogisticOptions = {},
): Logistic | undefined {
  const { mean, sd } = momentsOf(values, size, width, skip);
  const aim = sd.map((s, j) => (towards?.[j] ?? 0) * s);
  const used: Uses = { size, width, values, outcome, mean, sd, ridge, aim, ...(skip && { skip }) };
  const n = width + 1;
  let beta = from ? standardised(from, used) : [...aim, startOf(used)];
  if (!Number.isFinite(beta[width])) return undefined;
  let sums = emptySums(n);
  let nextSums = emptySums(n);
  let loss = lossAt(used, beta, sums);
  for (let iteration = 0; iteration < 60; iteration++) {
    const step = solveCholesky(sums.hessian, sums.gradient, n);
    // Newton alone runs away where a few customers are all but certain: a step counts only if it lowers the loss.
    let length = 1;
    let next = beta;
    let nextLoss = Infinity;
    for (let halving = 0; halving < 30 && !(nextLoss <= loss); halving++) {
      next = beta.map((v, j) => v + length * (step[j] ?? 0));
      // With its slopes at once: the first step is all but always the one that is taken.
      nextLoss = lossAt(used, next, nextSums);
      length /= 2;
    }
    if (!(nextLoss < loss)) break;
    const gained = loss - nextLoss;
    beta = next;
    loss = nextLoss;
    [sums, nextSums] = [nextSums, sums];
    if (gained <= 1e-10 * abs(loss)) break;
  }
  const coefficients = sd.map((s, j) => (beta[j] ?? 0) / s);
  const shift = coefficients.reduce((sum, c, j) => sum + c * (mean[j] ?? 0), 0);
  return { intercept: (beta[width] ?? 0) - shift, coefficients };
}

interface Uses extends Design {
  readonly mean: readonly number[];
  readonly sd: readonly number[];
  readonly ridge: number;
  readonly aim: readonly number[];
  readonly skip?: Uint8Array;
}

/** The same regression of standardised inputs. */
function standardised({ intercept, coefficients }: Logistic, { mean, sd }: Uses): number[] {
  const shift = coefficients.reduce((sum, c, j) => sum + c * (mean[j] ?? 0), 0);
  return [...sd.map((s, j) => s * (coefficients[j] ?? 0)), intercept + shift];
}

/** The log-odds of all rows together; not finite where all came or none did. */
function startOf({ size, outcome, skip }: Uses): number {
  let used = 0;
  let positives = 0;
  for (let i = 0; i < size; i++) {
    if (skip?.[i]) continue;
    used += 1;
    positives += outcome[i] ?? 0;
  }
  return Math.log(positives / (used - positives));
}

interface Sums {
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
}

function emptySums(n: number): Sums {
  return { gradient: new Float64Array(n), hessian: new Float64Array(n * n) };
}

/** Penalised minus log-likelihood; its (negative) gradient and its Hessian go into `sums`. */
function lossAt(
  { size, width, values, outcome, mean, sd, ridge, aim, skip }: Uses,
  beta: readonly number[],
  { gradient, hessian }: Sums,
): number {
  const n = width + 1;
  const row = new Float64Array(n);
  row[width] = 1;
  gradient.fill(0);
  hessian.fill(0);
  let loss = 0;
  for (let i = 0; i < size; i++) {
    if (skip?.[i]) continue;
    let eta = beta[width] ?? 0;
    for (let j = 0; j < width; j++) {
      const z = ((values[i * width + j] ?? 0) - (mean[j] ?? 0)) / (sd[j] ?? 1);
      row[j] = z;
      eta += z * (beta[j] ?? 0);
    }
    const y = outcome[i] ?? 0;
    loss += max(eta, 0) + log1p(exp(-abs(eta))) - y * eta;
    const p = 1 / (1 + exp(-eta));
    const weight = max(p * (1 - p), 1e-10);
    for (let j = 0; j < n; j++) {
      const z = row[j] ?? 0;
      gradient[j] = (gradient[j] ?? 0) + z * (y - p);
      for (let l = 0; l <= j; l++) {
        hessian[j * n + l] = (hessian[j * n + l] ?? 0) + weight * z * (row[l] ?? 0);
      }
    }
  }
  for (let j = 0; j < width; j++) {
    const off = (beta[j] ?? 0) - (aim[j] ?? 0);
    loss += (ridge * off * off) / 2;
    gradient[j] = (gradient[j] ?? 0) - ridge * off;
    hessian[j * n + j] = (hessian[j * n + j] ?? 0) + ridge;
  }
  return loss;
}

export interface LogisticOptions {
  readonly ridge?: number;
  /** Coefficients (of the inputs as they are) that hold without data. */
  readonly towards?: readonly number[];
  /** Rows with a 1 are left out. */
  readonly skip?: Uint8Array;
  /** Where to start: the result is the same, and nearer. */
  readonly from?: Logistic;
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
  return { mean, sd: squares.map((s) => Math.sqrt(s / max(1, used)) || 1) };
}

/** Solves H x = g for a symmetric positive definite H, of which the lower half is given. */
function solveCholesky(hessian: Float64Array, gradient: Float64Array, n: number): Float64Array {
  const L = Float64Array.from(hessian);
  const at = (i: number, j: number): number => L[i * n + j] ?? 0;
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = at(i, j);
      for (let l = 0; l < j; l++) sum -= at(i, l) * at(j, l);
      L[i * n + j] = i === j ? Math.sqrt(max(sum, 1e-12)) : sum / at(j, j);
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
