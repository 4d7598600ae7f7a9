import { fromLogit, logit } from '../calibration/features.js';
import { servedCount } from '../calibration/served-count.js';
import type { CustomerForecast } from '../forecast/customer-forecast.js';

/**
 * Brings a customer's categories in line with the customer, who is the better founded: buying in a category is buying, so no
 * category is likelier than the customer, and what is spent in all of them is what he spends.
 */
export function reconcile(
  customer: CustomerForecast,
  categories: readonly CustomerForecast[],
): CustomerForecast[] {
  return categories.map((category) => ({
    ...category,
    horizons: category.horizons.map((own, j) => {
      const limit = customer.horizons[j];
      if (!limit) return own;
      const all = categories.map(({ horizons }) => horizons[j]?.probability ?? 0);
      const highest = Math.max(...all);
      const down = highest > limit.probability ? logit(limit.probability) - logit(highest) : 0;
      const probability =
        down === 0
          ? own.probability
          : Math.min(limit.probability, fromLogit(logit(own.probability) + down));
      const spent = categories.reduce((sum, c) => sum + (c.horizons[j]?.expectedSpend ?? 0), 0);
      const expectedCount = servedCount(own.expectedCount, probability, own.probability);
      return {
        ...own,
        probability,
        expectedCount: Math.min(expectedCount, limit.expectedCount),
        expectedSpend: spent > 0 ? (own.expectedSpend * limit.expectedSpend) / spent : 0,
      };
    }),
  }));
}
