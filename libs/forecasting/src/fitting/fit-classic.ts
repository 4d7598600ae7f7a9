import type { BetaGeometricParameters } from '../models/bg-nbd.js';
import { gammaGamma, type GammaGammaParameters } from '../models/gamma-gamma.js';
import type { MbgKParameters } from '../models/gap-mixture.js';
import { nbd, type NbdParameters } from '../models/nbd.js';
import { paretoNbd, type ParetoParameters } from '../models/pareto-nbd.js';
import { lbfgs } from '../optimise/lbfgs.js';
import { multiStart } from '../optimise/multi-start.js';
import { nelderMead } from '../optimise/nelder-mead.js';
import { withDifferences, type Objective } from '../optimise/objective.js';
import { betaGeometricObjective } from './beta-geometric-objective.js';
import type { FitRows } from './fit-rows.js';
import { outOfBounds } from './log-normal-penalty.js';
import { mixtureLogLikelihood } from './mixture-likelihood.js';

/** Parameters by pure maximum likelihood, with the log-likelihood reached. */
export interface ClassicFit<P> {
  readonly parameters: P;
  readonly logLikelihood: number;
  /** Whether two starts led to the same place. */
  readonly agreed: boolean;
}

/** Starts in ln(r, alpha, a, b); the unit is a week. */
const STARTS = [
  [1, 3, 1, 3],
  [0.5, 6, 0.9, 1.6],
  [0.3, 4, 0.7, 2.5],
].map((start) => start.map(Math.log));

export function fitMbgNbd(rows: FitRows): ClassicFit<BetaGeometricParameters> {
  return fitBetaGeometric(rows, 1);
}

export function fitBgNbd(rows: FitRows): ClassicFit<BetaGeometricParameters> {
  return fitBetaGeometric(rows, 0);
}

function fitBetaGeometric(rows: FitRows, after: 0 | 1): ClassicFit<BetaGeometricParameters> {
  const objective = betaGeometricObjective(rows, after);
  const spare: number[] = [];
  const best = multiStart(
    {
      minimise: (start) => lbfgs(objective, start),
      polish: (point) =>
        nelderMead((at) => objective(at, spare) + outOfBounds(at), point, { step: 0.01 }),
    },
    STARTS,
    0.01 / rows.customers,
  );
  const [r = 0, alpha = 0, a = 0, b = 0] = best.point.map(Math.exp);
  return {
    parameters: { r, alpha, a, b },
    logLikelihood: -best.value * rows.customers,
    agreed: best.agreed,
  };
}

/** MBG-k without penalty: the gradient by differences, since no closed form is known for that in k. */
export function fitMbgK(rows: FitRows): ClassicFit<MbgKParameters> {
  const read = (point: readonly number[]): MbgKParameters => {
    const [r = 0, alpha = 0, a = 0, b = 0, k = 0] = point.map(Math.exp);
    return { r, alpha, a, b, k };
  };
  const { point, ...found } = minimise(rows.customers, startsWith(0), (at) => {
    const { r, alpha, a, b, k } = read(at);
    return -mixtureLogLikelihood({ r, alpha: alpha * k, a, b, nodes: [{ k, weight: 1 }] }, rows);
  });
  return { parameters: read(point), ...found };
}

export function fitParetoNbd(rows: FitRows): ClassicFit<ParetoParameters> {
  const read = (point: readonly number[]): ParetoParameters => {
    const [r = 0, alpha = 0, s = 0, beta = 0] = point.map(Math.exp);
    return { r, alpha, s, beta };
  };
  const starts = [
    [1, 8, 1, 8],
    [0.5, 10, 0.5, 12],
  ].map((start) => start.map(Math.log));
  const { point, ...found } = minimise(rows.customers, starts, (at) => {
    const parameters = read(at);
    return -sumOver(rows, (x, tx, T) => paretoNbd.logLikelihood(parameters, { x, tx, T }));
  });
  return { parameters: read(point), ...found };
}

export function fitNbd(rows: FitRows): ClassicFit<NbdParameters> {
  const read = (point: readonly number[]): NbdParameters => {
    const [r = 0, alpha = 0] = point.map(Math.exp);
    return { r, alpha };
  };
  const starts = [
    [0, 2],
    [-1, 2.5],
  ];
  const { point, ...found } = minimise(rows.customers, starts, (at) => {
    const parameters = read(at);
    return -sumOver(rows, (x, _, T) => nbd.logLikelihood(parameters, { x, T }));
  });
  return { parameters: read(point), ...found };
}

/** Customers with at least one paid repeat day: how many such days each has, and their mean spend. */
export interface SpendRows {
  readonly days: ArrayLike<number>;
  readonly mean: ArrayLike<number>;
}

export function fitGammaGamma({ days, mean }: SpendRows): ClassicFit<GammaGammaParameters> {
  const read = (point: readonly number[]): GammaGammaParameters => {
    const [p = 0, above = 0, v = 0] = point.map(Math.exp);
    return { p, q: 1 + above, v };
  };
  const n = days.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += mean[i] ?? 0;
  const typical = Math.log(sum / n);
  const starts = [
    [Math.log(2), Math.log(2), typical],
    [Math.log(6), Math.log(3), typical - 1],
  ];
  const { point, ...found } = minimise(n, starts, (at) => {
    const parameters = read(at);
    let total = 0;
    for (let i = 0; i < n; i++) {
      total += gammaGamma.logLikelihood(parameters, days[i] ?? 0, mean[i] ?? 0);
    }
    return -total;
  });
  return { parameters: read(point), ...found };
}

function minimise(
  customers: number,
  starts: readonly (readonly number[])[],
  objective: Objective,
): { point: readonly number[]; logLikelihood: number; agreed: boolean } {
  const perCustomer: Objective = (point) => objective(point) / customers + outOfBounds(point);
  const withGradient = withDifferences(perCustomer);
  const best = multiStart(
    {
      minimise: (start) => lbfgs(withGradient, start),
      polish: (point) => nelderMead(perCustomer, point, { step: 0.01 }),
    },
    starts,
    0.01 / customers,
  );
  return { point: best.point, logLikelihood: -best.value * customers, agreed: best.agreed };
}

function startsWith(lnK: number): number[][] {
  return STARTS.map((start) => [...start, lnK]);
}

function sumOver(rows: FitRows, f: (x: number, tx: number, T: number) => number): number {
  let sum = 0;
  for (let i = 0; i < rows.size; i++) {
    sum += (rows.weight[i] ?? 0) * f(rows.x[i] ?? 0, rows.tx[i] ?? 0, rows.T[i] ?? 0);
  }
  return sum;
}
