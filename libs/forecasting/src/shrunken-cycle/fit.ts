import { fromEpochDay } from '@regulars/kernel';
import type { ModelBasis } from '../forecast.js';
import type { PopulationSample, SampleRow, ScopeSample } from '../population-sample.js';
import { fingerprint } from './fingerprint.js';
import { medianOf, medianOfCounts } from './median.js';
import {
  builtInPrior,
  ENGINE_NAME,
  MEDIAN_MIN_GAPS,
  type CycleModel,
  type GapParameters,
  type ScopeParameters,
} from './parameters.js';

/** The prior counts like so many customers: decisive with thirty of our own, nothing with thousands. */
const PRIOR_CUSTOMERS = 20;
const OWN_DATA_REPEATERS = 200;
const FOLLOW_UP_DAYS = 365;
const MIN_BETWEEN = 0.02;
/** Gaps are whole days: even clockwork scatters by a fraction of a day. */
const MIN_WITHIN = 0.005;

/** Moment estimates from the sample, shrunk towards the built-in prior; a category's towards the company's. */
export function fitCycleModel(sample: PopulationSample, asOfDay: number): CycleModel {
  const company = fitScope(sample.company, builtInPrior.company, asOfDay);
  const categories: Record<string, ScopeParameters> = {};
  for (const category of [...sample.categories.keys()].sort()) {
    const scope = sample.categories.get(category);
    if (scope) categories[category] = inheritSpread(fitScope(scope, company, asOfDay), company);
  }
  const meanSpendMinor: Record<string, number> = {};
  for (const currency of [...sample.spend.keys()].sort()) {
    const spend = sample.spend.get(currency);
    if (spend) meanSpendMinor[currency] = spend.sumMinor / spend.days;
  }
  const content = { company, categories, meanSpendMinor };
  return {
    engine: ENGINE_NAME,
    version: `${ENGINE_NAME}/${fromEpochDay(asOfDay)}-${fingerprint(JSON.stringify(content))}`,
    basis: basisOf(company),
    customers: company.customers,
    repeatCustomers: company.repeatCustomers,
    ...content,
  };
}

function fitScope(sample: ScopeSample, prior: GapParameters, asOfDay: number): ScopeParameters {
  const rows = sample.rows();
  const repeaters = rows.filter((row) => row.purchaseCount > 1).map(momentsOf);
  const withinVariance = pooledWithin(repeaters, prior);
  const spread = { withinVariance, betweenVariance: between(repeaters, withinVariance, prior) };
  const medianGapDays = medianOfCounts(sample.gaps, MEDIAN_MIN_GAPS);
  const medianFirstGapDays = medianFirstGap(rows, asOfDay);
  return {
    ...spread,
    meanLnGap: meanLnGap(repeaters, spread, prior),
    stayShare: stayShare(rows, prior, asOfDay),
    customers: rows.length,
    repeatCustomers: repeaters.length,
    ...(medianGapDays === undefined ? {} : { medianGapDays }),
    ...(medianFirstGapDays === undefined ? {} : { medianFirstGapDays }),
  };
}

interface Moments {
  readonly gaps: number;
  readonly mean: number;
  readonly squares: number;
}

function momentsOf(row: SampleRow): Moments {
  const gaps = row.purchaseCount - 1;
  const mean = row.sumLnGap / gaps;
  return { gaps, mean, squares: Math.max(0, row.sumLnGapSq - gaps * mean * mean) };
}

function pooledWithin(repeaters: readonly Moments[], prior: GapParameters): number {
  let squares = PRIOR_CUSTOMERS * prior.withinVariance;
  let freedom = PRIOR_CUSTOMERS;
  for (const { gaps, squares: own } of repeaters) {
    squares += own;
    freedom += gaps - 1;
  }
  return Math.max(MIN_WITHIN, squares / freedom);
}

/** DerSimonian and Laird's moment estimator of the variance between customers. */
function between(repeaters: readonly Moments[], within: number, prior: GapParameters): number {
  let weight = 0;
  let weightSq = 0;
  let sum = 0;
  for (const { gaps, mean } of repeaters) {
    weight += gaps;
    weightSq += gaps * gaps;
    sum += gaps * mean;
  }
  const spare = weight - weightSq / weight;
  if (!(spare > 0)) return prior.betweenVariance;
  const centre = sum / weight;
  let q = 0;
  for (const { gaps, mean } of repeaters) q += gaps * (mean - centre) ** 2;
  const own = Math.max(0, (q - (repeaters.length - 1) * within) / spare);
  const n = repeaters.length;
  return Math.max(
    MIN_BETWEEN,
    (n * own + PRIOR_CUSTOMERS * prior.betweenVariance) / (n + PRIOR_CUSTOMERS),
  );
}

/** Mean over customers, each weighted by how well his own mean is known. */
function meanLnGap(
  repeaters: readonly Moments[],
  spread: Pick<GapParameters, 'withinVariance' | 'betweenVariance'>,
  prior: GapParameters,
): number {
  let weight = PRIOR_CUSTOMERS / (spread.betweenVariance + spread.withinVariance);
  let sum = weight * prior.meanLnGap;
  for (const { gaps, mean } of repeaters) {
    const own = 1 / (spread.betweenVariance + spread.withinVariance / gaps);
    weight += own;
    sum += own * mean;
  }
  return sum / weight;
}

/** Of the first-time buyers followed for a year, the share who came back within it. */
function stayShare(rows: readonly SampleRow[], prior: GapParameters, asOfDay: number): number {
  let followed = PRIOR_CUSTOMERS;
  let stayed = PRIOR_CUSTOMERS * prior.stayShare;
  for (const row of rows) {
    if (asOfDay - row.firstDay < FOLLOW_UP_DAYS) continue;
    followed += 1;
    if (row.purchaseCount > 1 && row.firstGap <= FOLLOW_UP_DAYS) stayed += 1;
  }
  return stayed / followed;
}

function medianFirstGap(rows: readonly SampleRow[], asOfDay: number): number | undefined {
  const followed = rows.filter(
    (row) => row.purchaseCount > 1 && asOfDay - row.firstDay >= FOLLOW_UP_DAYS,
  );
  return followed.length < MEDIAN_MIN_GAPS ? undefined : medianOf(followed.map((r) => r.firstGap));
}

/** Few customers tell where a category's gaps lie, but not how they spread: that stays the company's until there are many. */
function inheritSpread(category: ScopeParameters, company: ScopeParameters): ScopeParameters {
  if (category.repeatCustomers >= OWN_DATA_REPEATERS) return category;
  const { betweenVariance, withinVariance } = company;
  return { ...category, betweenVariance, withinVariance };
}

function basisOf(company: ScopeParameters): ModelBasis {
  if (company.repeatCustomers >= OWN_DATA_REPEATERS) return 'own data';
  return company.repeatCustomers > 0 ? 'blend' : 'built-in prior';
}
