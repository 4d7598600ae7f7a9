import {
  predictabilities,
  segmentNames,
  type DateScores,
  type FittedForecaster,
  type Forecaster,
  type Scores,
} from '../forecaster.js';
import type { CustomerStatistics } from '../statistics/customer-statistics.js';
import { CycleForecaster } from './cycle-forecaster.js';
import type { PurchaseCycleModel } from './cycle-model.js';
import { fitCycleModel, type FitModelOptions } from './fit-cycle-model.js';

/** The default model with its calibration, as a backtest asks it. */
export function purchaseCycle(options: FitModelOptions = {}): Forecaster {
  return {
    name: 'purchase cycle',
    fit: (known, horizonsDays) =>
      fitted(fitCycleModel(known, { ...options, horizonsDays }), horizonsDays, options),
  };
}

/** A model that learns nothing more, as a judge asks it. */
export function standing(model: PurchaseCycleModel): Forecaster {
  return {
    name: model.version,
    fit: (_, horizonsDays) => fitted(model, horizonsDays, {}),
  };
}

function fitted(
  model: PurchaseCycleModel,
  horizonsDays: readonly number[],
  { rules }: FitModelOptions,
): FittedForecaster {
  const forecaster = new CycleForecaster(model, horizonsDays, rules);
  const { parameters, level, windows, calibrations } = model;
  return {
    score: (statistics) => scoresOf(forecaster, statistics),
    dates: (statistics) => datesOf(forecaster, statistics),
    notes: {
      ...parameters,
      level,
      returns: windows.returns,
      ...Object.fromEntries(calibrations.map((c) => [`served at ${c.horizonDays} d`, c.choice])),
    },
  };
}

function datesOf(forecaster: CycleForecaster, statistics: CustomerStatistics): DateScores {
  const scores = emptyDates(statistics.size);
  for (let i = 0; i < statistics.size; i++) {
    const { median, window } = forecaster.dates(statistics, i);
    scores.expectedDay[i] = median;
    scores.windowFrom[i] = window.from;
    scores.windowTo[i] = window.to;
  }
  return scores;
}

function emptyDates(size: number): Required<DateScores> {
  return {
    expectedDay: new Int32Array(size),
    windowFrom: new Int32Array(size),
    windowTo: new Int32Array(size),
  };
}

function scoresOf(forecaster: CycleForecaster, statistics: CustomerStatistics): Scores {
  const { size } = statistics;
  const horizons = forecaster.horizonsDays.map((horizonDays) => ({
    horizonDays,
    probability: new Float64Array(size),
    rawProbability: new Float64Array(size),
    count: new Float64Array(size),
    spend: new Float64Array(size),
  }));
  const scores = {
    horizons,
    dates: emptyDates(size),
    probabilityAlive: new Float64Array(size),
    lostDay: new Int32Array(size),
    predictability: new Uint8Array(size),
    segment: new Uint8Array(size),
  };
  for (let i = 0; i < size; i++) {
    const forecast = forecaster.forecast(statistics, i);
    scores.dates.expectedDay[i] = forecast.expectedDay;
    scores.dates.windowFrom[i] = forecast.window.from;
    scores.dates.windowTo[i] = forecast.window.to;
    scores.probabilityAlive[i] = forecast.probabilityAlive;
    scores.lostDay[i] = forecast.lostDay;
    scores.predictability[i] = predictabilities.indexOf(forecast.reason ?? 'ok');
    scores.segment[i] = segmentNames.indexOf(forecast.segment);
    forecast.horizons.forEach((h, j) => {
      const columns = horizons[j];
      if (!columns) return;
      columns.probability[i] = h.probability;
      columns.rawProbability[i] = h.rawProbability;
      columns.count[i] = h.expectedCount;
      columns.spend[i] = h.expectedSpend;
    });
  }
  return scores;
}
