import { lbfgs } from '../optimise/lbfgs.js';
import { multiStart } from '../optimise/multi-start.js';
import { nelderMead } from '../optimise/nelder-mead.js';
import type { Objective, ObjectiveWithGradient } from '../optimise/objective.js';
import type { CustomerStatistics } from '../statistics/customer-statistics.js';
import { builtInPrior, type Trade } from './built-in-prior.js';
import { compress, type FitRows } from './fit-rows.js';
import { outOfBounds, outOfBoundsSlopes, penaltyAt, penaltySlopes } from './log-normal-penalty.js';
import { mixtureLogLikelihood } from './mixture-likelihood.js';
import {
  fromPoint,
  inUnit,
  mixtureOf,
  toPoint,
  type PopulationParameters,
} from './population-parameters.js';
import { populationSlopes } from './population-slopes.js';
import { sampleWeights } from './stratified-sample.js';

export interface PopulationFit {
  readonly parameters: PopulationParameters;
  /** Of the sample, without the penalty; comparable in the same time unit only. */
  readonly logLikelihood: number;
  readonly customers: number;
  readonly repeatCustomers: number;
  /** Whether two starts led to the same place. */
  readonly agreed: boolean;
}

export interface FitOptions {
  readonly trade?: Trade;
  /** A belief of one's own, such as the company's parameters for a category; else the built-in one. */
  readonly prior?: { readonly parameters: PopulationParameters; readonly sd: number };
  /** The last accepted parameters, as a further start. */
  readonly warmStart?: PopulationParameters;
  /** One start, no polish: for the many fits of a backtest, which differ little. */
  readonly quick?: boolean;
  /** To within a percent or so of each parameter. */
  readonly rough?: boolean;
  /** Customers that the fit reads at most. */
  readonly sampleSize?: number;
}

const SAMPLE_SIZE = 100_000;
/** The oldest customer is so many time units old. */
const OLDEST_UNITS = 40;

const exact = { tolerance: 1e-8, maxIterations: 60 };
/** A percent of a parameter is far less than what other customers would have made of it. */
const rough = { tolerance: 1e-5, stepTolerance: 0.01, maxIterations: 30 };

/** Maximum a posteriori of the population's parameters: the data's likelihood and the prior's. */
export function fitPopulation(
  statistics: CustomerStatistics,
  options: FitOptions = {},
): PopulationFit {
  const unitDays = unitFor(statistics);
  const { quick = false } = options;
  const weights = sampleWeights(statistics, options.sampleSize ?? SAMPLE_SIZE);
  const rows = compress(statistics, { unitDays, gaps: true, weights });
  const prior = options.prior
    ? {
        mean: toPoint(inUnit(options.prior.parameters, unitDays)),
        sd: Array.from({ length: 6 }, () => options.prior?.sd ?? 1),
      }
    : builtInPrior(options.trade ?? 'broad', unitDays);
  const scale = Math.max(1, rows.customers);
  const objective: Objective = (point) => {
    const fit = mixtureLogLikelihood(mixtureOf(fromPoint(point, unitDays)), rows);
    return (penaltyAt(prior, point) - fit) / scale + outOfBounds(point);
  };
  const withGradient: ObjectiveWithGradient = (point, into) => {
    const { value, slopes } = populationSlopes(point, unitDays, rows);
    const pull = penaltySlopes(prior, point);
    const fence = outOfBoundsSlopes(point);
    point.forEach((_, j) => {
      into[j] = ((pull[j] ?? 0) - (slopes[j] ?? 0)) / scale + (fence[j] ?? 0);
    });
    return (penaltyAt(prior, point) - value) / scale + outOfBounds(point);
  };
  const best = multiStart(
    {
      minimise: (start) => lbfgs(withGradient, start, options.rough ? rough : exact),
      polish: (point) =>
        quick
          ? { point, value: objective(point) }
          : nelderMead(objective, point, { step: 0.02, maxEvaluations: 40 }),
    },
    startsOf(rows, prior.mean, options, unitDays),
    0.01 / scale,
  );
  const parameters = fromPoint(best.point, unitDays);
  return {
    parameters,
    logLikelihood: mixtureLogLikelihood(mixtureOf(parameters), rows),
    customers: statistics.size,
    repeatCustomers: statistics.purchaseDays.reduce((sum, n) => (n > 1 ? sum + 1 : sum), 0),
    agreed: best.agreed,
  };
}

/** Time is counted so that likelihoods of young and old shops are scaled alike. */
export function unitFor(statistics: CustomerStatistics): number {
  let oldest = 0;
  for (let i = 0; i < statistics.size; i++) {
    oldest = Math.max(oldest, (statistics.asOfDay[i] ?? 0) - (statistics.firstDay[i] ?? 0));
  }
  return Math.max(1, oldest) / OLDEST_UNITS;
}

function startsOf(
  rows: FitRows,
  prior: readonly number[],
  { warmStart, quick = false }: FitOptions,
  unitDays: number,
): number[][] {
  const warm = warmStart && toPoint(inUnit(warmStart, unitDays));
  if (warm && quick) return [warm];
  const lnGap = Math.log(typicalGap(rows) ?? Math.exp(prior[1] ?? 0));
  const guess = prior.map((v, j) => (j === 1 ? lnGap : v));
  const other = [0, lnGap + 0.7, 0, Math.log(3), 0, Math.log(2)];
  return [guess, warm ?? other];
}

/** Mean over repeat customers of ln(mean gap), back as a time; undefined without any. */
export function typicalGap(rows: FitRows): number | undefined {
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < rows.size; i++) {
    const x = rows.x[i] ?? 0;
    if (x === 0) continue;
    sum += (rows.weight[i] ?? 0) * Math.log((rows.tx[i] ?? 0) / x);
    weight += rows.weight[i] ?? 0;
  }
  return weight > 0 ? Math.exp(sum / weight) : undefined;
}
