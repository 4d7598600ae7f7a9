import { FEATURES, fromLogit } from './features.js';
import { fitLogistic, linearAt, type Design, type Logistic } from './logistic.js';

// Bound once: these run by the million, and a look-up of the global each time is slow in sandboxes such as test runners.
const { log, max, min, sqrt } = Math;

/** Which of the candidates is served at a horizon. */
export type Choice = 'stack' | 'logistic RFM' | 'mean of both';

/** Probabilities of one horizon as they are served. Coefficients are those of the features, 0 for those not used. */
export interface HorizonCalibration {
  readonly horizonDays: number;
  readonly choice: Choice;
  /** As they are served: a part of both is the model itself. */
  readonly stack: Logistic;
  readonly rfm: Logistic;
  /** Rows and buyers that it was learnt from. */
  readonly rows: number;
  readonly buyers: number;
  /** Mean log-loss of each by itself, out of fold. */
  readonly logLoss: Readonly<Record<Choice | 'raw', number>>;
}

export interface CalibrationRows {
  readonly horizonDays: number;
  readonly size: number;
  /** {@link FEATURES} per row. */
  readonly features: Float64Array;
  readonly outcome: Uint8Array;
  /** A customer's rows of several origins stay in one fold. */
  readonly customer: Uint32Array;
}

const FOLDS = 4;
/** With fewer of either kind a calibration would be noise: the model is served as it is. */
const MIN_OUTCOMES = 15;
/** With fewer buyers the regression without a model is the noisier one: a tie goes to the stack alone. */
const ENOUGH_FOR_RFM = 200;
const STACK_INPUTS = [0, 1, 2, 3];
const RFM_INPUTS = [1, 2, 3, 4];

/** Learns a horizon from what came of earlier forecasts; undefined where too little has. */
export function calibrateHorizon(rows: CalibrationRows): HorizonCalibration | undefined {
  const buyers = rows.outcome.reduce((sum, y) => sum + y, 0);
  if (buyers < MIN_OUTCOMES || rows.size - buyers < MIN_OUTCOMES) return undefined;
  const stack = fitStack(rows);
  const rfm = fitInputs(rows, RFM_INPUTS);
  const judged = stack && rfm && judgeOutOfFold(rows, buyers, { stack, rfm });
  if (!judged) return undefined;
  const kept = judged.logLoss.raw < entropyOf(buyers / rows.size) ? 1 - MOST_LEARNT : 0;
  return {
    horizonDays: rows.horizonDays,
    ...judged,
    stack: besideModel(stack, kept),
    rfm: besideModel(rfm, kept),
    rows: rows.size,
    buyers,
  };
}

/**
 * However many rows: an earlier day's customers were younger than today's and bought more. A regression carries that on,
 * while the model knows how customers age; so it keeps a part of the word, unless it said less than the mere share of buyers.
 */
const MOST_LEARNT = 0.7;

function besideModel({ intercept, coefficients }: Logistic, kept: number): Logistic {
  return {
    intercept: (1 - kept) * intercept,
    coefficients: coefficients.map((c, j) => (1 - kept) * c + (j === 0 ? kept : 0)),
  };
}

function entropyOf(share: number): number {
  return -share * log(share) - (1 - share) * log(1 - share);
}

/** The calibrated log-odds of a customer. */
export function calibratedLogit(
  { choice, stack, rfm }: HorizonCalibration,
  features: Float64Array,
  offset = 0,
): number {
  if (choice === 'stack') return linearAt(stack, features, offset);
  if (choice === 'logistic RFM') return linearAt(rfm, features, offset);
  return (linearAt(stack, features, offset) + linearAt(rfm, features, offset)) / 2;
}

/** The stack may rank by the model or not at all, never against it. Without data it is the model itself. */
function fitStack(rows: CalibrationRows, fold: Fold = {}): Logistic | undefined {
  const fit = fitInputs(rows, STACK_INPUTS, { towards: [1, 0, 0, 0], ...fold });
  if (!fit) return undefined;
  if ((fit.coefficients[0] ?? 0) >= 0) return shrunk(fit, rows);
  return fitInputs(rows, STACK_INPUTS.slice(1), fold);
}

/** Rows that are held out, and the fit with them, which that without them is near. */
interface Fold {
  readonly skip?: Uint8Array;
  readonly from?: Logistic;
}

/** Customers whose outcomes weigh as much as the model's own word: rows of a few say the same thing many times. */
const MODEL_CUSTOMERS = 300;

function shrunk({ intercept, coefficients }: Logistic, { customer }: CalibrationRows): Logistic {
  const customers = new Set(customer).size;
  const own = customers / (customers + MODEL_CUSTOMERS);
  return {
    intercept: own * intercept,
    coefficients: coefficients.map((c, j) => own * c + (j === 0 ? 1 - own : 0)),
  };
}

function fitInputs(
  rows: CalibrationRows,
  inputs: readonly number[],
  { from, ...options }: Fold & { readonly towards?: readonly number[] } = {},
): Logistic | undefined {
  const { size, outcome } = rows;
  const width = inputs.length;
  const values = new Float64Array(size * width);
  for (let i = 0; i < size; i++) {
    inputs.forEach((from, j) => {
      values[i * width + j] = rows.features[i * FEATURES + from] ?? 0;
    });
  }
  const design: Design = { size, width, values, outcome };
  const start = from && {
    intercept: from.intercept,
    coefficients: inputs.map((input) => from.coefficients[input] ?? 0),
  };
  const fit = fitLogistic(design, { ...options, ...(start && { from: start }) });
  if (!fit) return undefined;
  const coefficients = new Array<number>(FEATURES).fill(0);
  inputs.forEach((from, j) => (coefficients[from] = fit.coefficients[j] ?? 0));
  return { intercept: fit.intercept, coefficients };
}

function judgeOutOfFold(
  rows: CalibrationRows,
  buyers: number,
  full: Readonly<Record<'stack' | 'rfm', Logistic>>,
): Pick<HorizonCalibration, 'choice' | 'logLoss'> | undefined {
  const names = ['stack', 'logistic RFM', 'mean of both', 'raw'] as const;
  const losses = names.map(() => new Float64Array(rows.size));
  for (let fold = 0; fold < FOLDS; fold++) {
    const held = Uint8Array.from(rows.customer, (customer) => (foldOf(customer) === fold ? 1 : 0));
    const stack = fitStack(rows, { skip: held, from: full.stack });
    const rfm = fitInputs(rows, RFM_INPUTS, { skip: held, from: full.rfm });
    if (!stack || !rfm) return undefined;
    held.forEach((isHeld, i) => {
      if (!isHeld) return;
      const one = linearAt(stack, rows.features, i * FEATURES);
      const other = linearAt(rfm, rows.features, i * FEATURES);
      const etas = [one, other, (one + other) / 2, rows.features[i * FEATURES] ?? 0];
      etas.forEach((eta, c) => {
        const p = min(1 - 1e-6, max(1e-6, fromLogit(eta)));
        const loss = losses[c];
        if (loss) loss[i] = -log(rows.outcome[i] ? p : 1 - p);
      });
    });
  }
  const mean = losses.map((loss) => loss.reduce((sum, v) => sum + v, 0) / rows.size);
  const [stack = 0, rfm = 0, both = 0, raw = 0] = mean;
  const best = stack <= rfm ? 0 : 1;
  const isTie = both - min(stack, rfm) <= noiseBetween(losses[2], losses[best]);
  const single = best === 0 ? 'stack' : 'logistic RFM';
  const choice = isTie ? (buyers >= ENOUGH_FOR_RFM ? 'mean of both' : 'stack') : single;
  return {
    choice,
    logLoss: { stack, 'logistic RFM': rfm, 'mean of both': both, raw },
  };
}

/** Standard error of the mean difference. */
function noiseBetween(p: Float64Array = empty, q: Float64Array = empty): number {
  let sum = 0;
  let squares = 0;
  p.forEach((v, i) => {
    const difference = v - (q[i] ?? 0);
    sum += difference;
    squares += difference * difference;
  });
  const n = max(1, p.length);
  return sqrt(max(0, squares / n - (sum / n) ** 2) / n);
}

const empty = new Float64Array();

/** Fibonacci hashing: neighbours in a file may be alike, and fall into different folds. */
function foldOf(customer: number): number {
  return (Math.imul(customer, 2654435769) >>> 0) % FOLDS;
}
