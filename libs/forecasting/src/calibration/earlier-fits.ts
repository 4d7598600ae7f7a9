import { fitPopulation, type FitOptions } from '../fitting/fit-population.js';
import type { PopulationParameters } from '../fitting/population-parameters.js';
import type { KnownHistory } from '../statistics/known-history.js';

/** Customers that the fit of an earlier day reads at most. */
const MOST_FITTED = 5_000;
/** Parameters move slowly: those of a day serve until history has grown by so much. */
const SERVES_FOR = 0.2;

/**
 * Parameters as earlier days would have had them, fitted on what was known then. To be asked in the order of the days.
 * Today's parameters are where the first fit starts from, not its result.
 */
export function earlierFits(
  known: KnownHistory,
  options: FitOptions & { readonly warmStart: PopulationParameters },
): (day: number) => PopulationParameters {
  const start = known.firstDay() ?? known.untilDay;
  let last: { day: number; parameters: PopulationParameters } | undefined;
  return (day) => {
    if (last && day - last.day <= SERVES_FOR * (day - start)) return last.parameters;
    const { parameters } = fitPopulation(known.statisticsAsOf(day), {
      ...options,
      sampleSize: MOST_FITTED,
      warmStart: last?.parameters ?? options.warmStart,
      quick: true,
    });
    last = { day, parameters };
    return parameters;
  };
}
