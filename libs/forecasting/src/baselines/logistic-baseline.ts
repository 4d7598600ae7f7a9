import { fitLogistic, linearAt, type Logistic } from '../calibration/logistic.js';
import type { FittedForecaster, Forecaster, HorizonScores } from '../forecaster.js';
import type { CustomerStatistics, KnownHistory } from '../statistics/index.js';
import {
  column,
  elapsedDays,
  inputRows,
  recencyInputs,
  rfmInputs,
  type Inputs,
} from './customer-inputs.js';

/** Fewer customers or fewer of one kind of outcome teach a regression nothing that lasts. */
const FEWEST_CUSTOMERS = 30;
const FEWEST_OF_A_KIND = 5;

/** The longer the silence, the lower: ranks by recency alone; probabilities by a logistic of one input. */
export const recencyAlone: Forecaster = {
  name: 'recency alone',
  fit: (known, horizonsDays) =>
    logisticForecaster(known, horizonsDays, recencyInputs, (statistics) =>
      column(statistics, (i) => -elapsedDays(statistics, i)),
    ),
};

/** Recency, frequency, age and money in a logistic regression: what a plain analyst would do, and hard to beat. */
export const logisticRfm: Forecaster = {
  name: 'logistic RFM',
  fit: (known, horizonsDays) => logisticForecaster(known, horizonsDays, rfmInputs),
};

/**
 * One regression per horizon, learnt on the last window that is complete by the fit's day. A horizon without such a
 * window gets no probability.
 */
function logisticForecaster(
  known: KnownHistory,
  horizonsDays: readonly number[],
  inputs: Inputs,
  rank?: (statistics: CustomerStatistics) => Float64Array,
): FittedForecaster {
  const models = horizonsDays.map((horizonDays) => ({
    horizonDays,
    model: fitWindowBefore(known, horizonDays, inputs),
  }));
  // A horizon longer than any window that is complete can at least be ranked, by the longest one that was learnt.
  const longest = models.findLast(({ model }) => model !== undefined)?.model;
  return {
    score: (statistics) => {
      const values = inputRows(inputs, statistics);
      const order = rank?.(statistics) ?? (longest && probabilities(longest, values, statistics));
      return {
        ...(order && { rank: order }),
        horizons: models.map(({ horizonDays, model }): HorizonScores => ({
          horizonDays,
          ...(model && { probability: probabilities(model, values, statistics) }),
        })),
      };
    },
    notes: Object.fromEntries(
      models.flatMap(({ horizonDays, model }) =>
        model
          ? [model.intercept, ...model.coefficients].map((c, i) => [
              `c${String(i)} ${String(horizonDays)} d`,
              c,
            ])
          : [],
      ),
    ),
  };
}

function fitWindowBefore(
  known: KnownHistory,
  horizonDays: number,
  inputs: Inputs,
): Logistic | undefined {
  const origin = known.untilDay - horizonDays;
  const statistics = known.statisticsAsOf(origin);
  const { count } = known.outcomes(statistics, horizonDays);
  const bought = Uint8Array.from(count, (n) => (n > 0 ? 1 : 0));
  const buyers = bought.reduce((sum, y) => sum + y, 0);
  const enough =
    statistics.size >= FEWEST_CUSTOMERS &&
    Math.min(buyers, statistics.size - buyers) >= FEWEST_OF_A_KIND;
  return enough
    ? fitLogistic({
        size: statistics.size,
        width: inputs.width,
        values: inputRows(inputs, statistics),
        outcome: bought,
      })
    : undefined;
}

function probabilities(
  model: Logistic,
  values: Float64Array,
  statistics: CustomerStatistics,
): Float64Array {
  const width = model.coefficients.length;
  return column(statistics, (row) => 1 / (1 + Math.exp(-linearAt(model, values, row * width))));
}
