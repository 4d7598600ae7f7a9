import type { ForecastEngine } from '../engine.js';
import { spendOf } from '../history.js';
import { asOfForecast } from './as-of-forecast.js';
import { fitCycleModel } from './fit.js';
import { builtInPrior, ENGINE_NAME, type CycleModel } from './parameters.js';
import { staticForecast } from './static-forecast.js';

/** The population's mean spend counts like so many purchase days beside the customer's own. */
const SPEND_PRIOR_DAYS = 2;

/**
 * A first honest estimator: each customer's log-gaps, shrunk towards the population's, and the odds of having stopped
 * that grow with silence. Its probabilities are not calibrated, and are marked so.
 */
export const shrunkenCycleEngine: ForecastEngine<CycleModel> = {
  name: ENGINE_NAME,
  builtInPrior,
  fit: fitCycleModel,
  forecast: staticForecast,
  forecastAsOf: asOfForecast,
  expectedPurchaseValueMinor(history, model, currency) {
    const own = spendOf(history);
    const population = Object.hasOwn(model.meanSpendMinor, currency)
      ? model.meanSpendMinor[currency]
      : undefined;
    if (population === undefined) {
      return own.days === 0 ? undefined : Math.round(own.sumMinor / own.days);
    }
    const sum = own.sumMinor + SPEND_PRIOR_DAYS * population;
    return Math.round(sum / (own.days + SPEND_PRIOR_DAYS));
  },
};
