import { createHash } from 'node:crypto';
import {
  calibratedLogit,
  calibrateHorizon,
  type CalibrationRows,
  type HorizonCalibration,
} from '../calibration/horizon-calibration.js';
import { FEATURES, fromLogit } from '../calibration/features.js';
import { servedCount } from '../calibration/served-count.js';
import { lookBack, type LookBack } from '../calibration/look-back.js';
import { calibrationOrigins } from '../calibration/origins.js';
import { weekdaysPay } from '../calibration/weekday-trial.js';
import { calibrateWindows } from '../calibration/window-calibration.js';
import type { Trade } from '../fitting/built-in-prior.js';
import { calibrateCategory } from '../categories/calibrate-category.js';
import { CATEGORY_SD, fitCategory } from '../categories/fit-category.js';
import { fitPopulation, type PopulationFit } from '../fitting/fit-population.js';
import { fitSpend } from '../fitting/fit-spend.js';
import type { PopulationParameters } from '../fitting/population-parameters.js';
import { EarlierFits } from '../calibration/earlier-fits.js';
import type { KnownHistory } from '../statistics/known-history.js';
import { ENGINE, type PurchaseCycleModel } from './cycle-model.js';
import { seasonOf } from './season.js';
import { defaultRules, type ForecastRules } from './settings.js';
import { typicalGaps } from './typical-gaps.js';
import { weekdaySharesOf } from './weekday-shares.js';

export interface FitModelOptions {
  /** For which probabilities will be asked, beside the standard ones. */
  readonly horizonsDays?: readonly number[];
  readonly trade?: Trade;
  readonly rules?: ForecastRules;
  readonly warmStart?: PopulationParameters;
  /** From the warm start alone, calibrated for the asked horizons only: for a judge who wants many such models. */
  readonly quick?: boolean;
  /** Kept by whoever asks about the same days again and again. */
  readonly earlierFits?: EarlierFits;
  /** The company's model, where this is one of its categories: the prior, and what serves until there are enough data. */
  readonly company?: PurchaseCycleModel;
  /** Called before each of the steps, of which there are `of`. */
  readonly onStep?: (step: number, of: number) => void;
}

export const standardHorizons = [14, 30, 90, 180, 365];

/** From this many repeat customers on a shop stands on its own data. */
const OWN_DATA_REPEATERS = 200;
/** The prior weighs about as much as so many repeat customers. */
const PRIOR_REPEATERS = 20;

/** Learns a population up to the last known day: parameters, calibration and levels, all from nothing later. */
export function fitCycleModel(
  known: KnownHistory,
  options: FitModelOptions = {},
): PurchaseCycleModel {
  const { horizonsDays = [], trade = 'broad', rules = defaultRules, company, onStep } = options;
  const statistics = known.statisticsAsOf(known.untilDay);
  const usual = options.quick ? [rules.lostHorizonDays] : standardHorizons;
  const horizons = [...new Set([...usual, ...horizonsDays])].sort((p, q) => p - q);
  const firstDay = known.firstDay() ?? known.untilDay;
  const origins = calibrationOrigins(firstDay, known.untilDay, horizons);
  const steps = origins.length + 2;
  onStep?.(0, steps);
  const fit = company
    ? fitCategory(statistics, company)
    : fitPopulation(statistics, {
        trade,
        ...(options.warmStart && { warmStart: options.warmStart }),
        ...(options.quick && { quick: true, rough: true }),
      });
  const fits =
    options.earlierFits ??
    new EarlierFits({
      trade,
      ...(company && { prior: { parameters: company.parameters, sd: CATEGORY_SD } }),
    });
  const looks = origins.map((origin, i) => {
    onStep?.(i + 1, steps);
    return lookBack(known, origin, {
      horizonsDays: horizons,
      horizonCapDays: rules.horizonCapDays,
      parameters: fits.at(known, origin, fit.parameters),
    });
  });
  onStep?.(steps - 1, steps);
  const calibrations = horizons
    .map((h) =>
      company ? calibrateCategory(pool(looks, h), company) : calibrateHorizon(pool(looks, h)),
    )
    .filter((calibration) => calibration !== undefined);
  const content = {
    asOfDay: known.untilDay,
    ...basisOf(fit.repeatCustomers),
    ...fit,
    calibrations,
    windows: calibrateWindows(
      looks.flatMap(({ returns }) => returns),
      (known.untilDay - firstDay) / rules.horizonCapDays,
    ),
    level: levelOf(looks, calibrations),
    season: seasonOf(known.repeatsByDay()),
    spend: fitSpend(statistics),
    ...typicalGaps(statistics, fit.parameters, rules),
    reminderBasis: company ? ('category' as const) : ('company' as const),
    repeatShare: repeatShareOf(fit),
    weekdayShares: weekdaySharesOf(statistics),
    snapsToWeekdays: weekdaysPay(looks.flatMap(({ weekdays }) => weekdays)),
  };
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12);
  return { engine: ENGINE, version: `${ENGINE}/${digest}`, ...content };
}

/** With fewer customers than this a share says little. */
const ENOUGH_CUSTOMERS = 50;

function repeatShareOf({ customers, repeatCustomers }: PopulationFit): number {
  return customers < ENOUGH_CUSTOMERS ? 1 : repeatCustomers / customers;
}

function basisOf(repeaters: number): Pick<PurchaseCycleModel, 'basis' | 'ownShare'> {
  const ownShare = repeaters / (repeaters + PRIOR_REPEATERS);
  if (repeaters === 0) return { basis: 'built-in prior', ownShare: 0 };
  return { basis: repeaters >= OWN_DATA_REPEATERS ? 'own data' : 'blend', ownShare };
}

/** Rows of a horizon from all looks that were followed for so long. */
function pool(looks: readonly LookBack[], horizonDays: number): CalibrationRows {
  const found = looks.flatMap(({ rows }) => rows.filter((r) => r.horizonDays === horizonDays));
  const size = found.reduce((sum, rows) => sum + rows.size, 0);
  const features = new Float64Array(size * FEATURES);
  const outcome = new Uint8Array(size);
  const customer = new Uint32Array(size);
  let at = 0;
  for (const rows of found) {
    features.set(rows.features, at * FEATURES);
    outcome.set(rows.outcome, at);
    customer.set(rows.customer, at);
    at += rows.size;
  }
  return { horizonDays, size, features, outcome, customer };
}

const LEVEL_SHRINKAGE = 200;

/**
 * Purchases that came, over those expected as they would have been served; half of it (in logarithms), since the next
 * months differ from the last ones about as much as the last ones did from the forecast. Each customer's first is left
 * out: its probability is calibrated at every horizon, and what is missing in the long ones would be too much in two weeks.
 */
function levelOf(looks: readonly LookBack[], calibrations: readonly HorizonCalibration[]): number {
  let actual = LEVEL_SHRINKAGE;
  let predicted = LEVEL_SHRINKAGE;
  for (const { counts, rows } of looks) {
    const calibration = calibrations.find(({ horizonDays }) => horizonDays === counts?.horizonDays);
    const features = rows.find(({ horizonDays }) => horizonDays === counts?.horizonDays)?.features;
    if (!counts || !features) continue;
    counts.row.forEach((row, i) => {
      const raw = fromLogit(features[row * FEATURES] ?? 0);
      const served = calibration
        ? fromLogit(calibratedLogit(calibration, features, row * FEATURES))
        : raw;
      actual += Math.max(0, (counts.actual[i] ?? 0) - 1);
      predicted += servedCount(counts.expected[i] ?? 0, served, raw) - served;
    });
  }
  return Math.sqrt(Math.min(1.4, Math.max(0.7, actual / predicted)));
}
