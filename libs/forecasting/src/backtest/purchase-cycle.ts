import {
  predictabilities,
  segmentNames,
  type DateScores,
  type Forecaster,
  type Scores,
} from '../forecaster.js';
import type { CustomerForecast } from '../forecast/customer-forecast.js';
import { CycleForecaster } from '../forecast/cycle-forecaster.js';
import { fitCycleModel } from '../forecast/fit-cycle-model.js';
import type { CustomerStatistics } from '../statistics/index.js';

/** The forecast as it is served: the calibrated mixture over regularity, fitted on what is known. */
export const purchaseCycle: Forecaster = {
  name: 'Regulars',
  fit: (known, horizonsDays) => {
    const model = fitCycleModel(known, { horizonsDays });
    const full = new CycleForecaster(model, horizonsDays);
    // Counts are the dearest part by far, and a date needs none.
    const datesOnly = new CycleForecaster(model, []);
    return {
      score: (statistics) => scoresOf(forecasts(full, statistics), horizonsDays),
      dates: (statistics) => datesOf(forecasts(datesOnly, statistics)),
      notes: {
        version: model.version,
        basis: model.basis,
        level: model.level,
        ...model.parameters,
        ...Object.fromEntries(
          model.calibrations.map(({ horizonDays, choice }) => [
            `served at ${horizonDays} d`,
            choice,
          ]),
        ),
      },
    };
  },
};

function forecasts(
  forecaster: CycleForecaster,
  statistics: CustomerStatistics,
): CustomerForecast[] {
  return Array.from({ length: statistics.size }, (_, row) => forecaster.forecast(statistics, row));
}

function scoresOf(list: readonly CustomerForecast[], horizonsDays: readonly number[]): Scores {
  return {
    horizons: horizonsDays.map((horizonDays, h) => ({
      horizonDays,
      probability: Float64Array.from(list, ({ horizons }) => horizons[h]?.probability ?? 0),
      rawProbability: Float64Array.from(list, ({ horizons }) => horizons[h]?.rawProbability ?? 0),
      count: Float64Array.from(list, ({ horizons }) => horizons[h]?.expectedCount ?? 0),
      spend: Float64Array.from(list, ({ horizons }) => horizons[h]?.expectedSpend ?? 0),
    })),
    dates: datesOf(list),
    probabilityAlive: Float64Array.from(list, ({ probabilityAlive }) => probabilityAlive),
    lostDay: Int32Array.from(list, ({ lostDay }) => lostDay),
    predictability: Uint8Array.from(list, ({ reason }) => predictabilities.indexOf(reason ?? 'ok')),
    segment: Uint8Array.from(list, ({ segment }) => segmentNames.indexOf(segment)),
  };
}

function datesOf(list: readonly CustomerForecast[]): DateScores {
  return {
    expectedDay: Int32Array.from(list, ({ expectedDay }) => expectedDay),
    windowFrom: Int32Array.from(list, ({ window }) => window.from),
    windowTo: Int32Array.from(list, ({ window }) => window.to),
  };
}
