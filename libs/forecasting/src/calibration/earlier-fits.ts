import { fitPopulation, type FitOptions } from '../fitting/fit-population.js';
import type { PopulationParameters } from '../fitting/population-parameters.js';
import type { KnownHistory } from '../statistics/known-history.js';

/** Customers that the fit of an earlier day reads at most. */
const MOST_FITTED = 5_000;
/** Parameters move slowly: those of a day serve until history has grown by so much. */
const SERVES_FOR = 0.2;

/**
 * Parameters as earlier days would have had them, fitted on what was known then, each once. Today's parameters are where
 * the first fit starts from, not its result. May be kept for several models of the same histories: a day's fit knows
 * nothing later, whoever asks for it.
 */
export class EarlierFits {
  private readonly fits: { readonly day: number; readonly parameters: PopulationParameters }[] = [];

  constructor(private readonly options: FitOptions = {}) {}

  /** @param known the day or more  @param today what the first fit starts from */
  at(known: KnownHistory, day: number, today: PopulationParameters): PopulationParameters {
    const start = known.firstDay() ?? day;
    const before = this.fits.findLast((fit) => fit.day <= day);
    if (before && day - before.day <= SERVES_FOR * (day - start)) return before.parameters;
    const { parameters } = fitPopulation(known.statisticsAsOf(day), {
      ...this.options,
      sampleSize: MOST_FITTED,
      warmStart: before?.parameters ?? today,
      quick: true,
      rough: true,
    });
    this.fits.push({ day, parameters });
    this.fits.sort((a, b) => a.day - b.day);
    return parameters;
  }
}
