import { fromLogit, logit } from '../calibration/features.js';
import type { AsOfForecast, ByHorizon } from '../forecast.js';
import { round } from './round.js';

/**
 * Categories in line with their customer, who is the better founded: buying in a category is buying, so none is likelier
 * than he is. Where one is, the odds of all of them are scaled by one factor, so that their order stays.
 */
export function reconcileAsOf(
  customer: AsOfForecast,
  categories: readonly AsOfForecast[],
): AsOfForecast[] {
  const within = (horizon: keyof ByHorizon, own: AsOfForecast): number => {
    const limit = customer.purchaseProbability[horizon];
    const highest = Math.max(...categories.map((c) => c.purchaseProbability[horizon]));
    const probability = own.purchaseProbability[horizon];
    if (highest <= limit) return probability;
    const scaled = fromLogit(logit(probability) + logit(limit) - logit(highest));
    return Math.min(limit, round(scaled, 4));
  };
  return categories.map((own) => ({
    ...own,
    probabilityAlive: Math.min(customer.probabilityAlive, own.probabilityAlive),
    purchaseProbability: {
      d14: within('d14', own),
      d30: within('d30', own),
      d90: within('d90', own),
      d365: within('d365', own),
    },
    expectedPurchases: least(own.expectedPurchases, customer.expectedPurchases),
  }));
}

function least(a: ByHorizon, b: ByHorizon): ByHorizon {
  return {
    d14: Math.min(a.d14, b.d14),
    d30: Math.min(a.d30, b.d30),
    d90: Math.min(a.d90, b.d90),
    d365: Math.min(a.d365, b.d365),
  };
}
