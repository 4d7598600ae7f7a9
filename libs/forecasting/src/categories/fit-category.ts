import { compress } from '../fitting/fit-rows.js';
import {
  fitPopulation,
  typicalGap,
  unitFor,
  type PopulationFit,
} from '../fitting/fit-population.js';
import { inUnit, mixtureOf } from '../fitting/population-parameters.js';
import { mixtureLogLikelihood } from '../fitting/mixture-likelihood.js';
import type { PurchaseCycleModel } from '../forecast/cycle-model.js';
import type { CustomerStatistics } from '../statistics/customer-statistics.js';

/** How far (in ln) a category's parameters are expected to lie from the company's. */
export const CATEGORY_SD = 0.5;
/** With fewer repeat customers a category takes the company's parameters, in its own time. */
const OWN_FIT_REPEATERS = 200;
/** The company's typical gap counts like so many repeat customers. */
const GAP_PRIOR_REPEATERS = 20;

/** A category's parameters: its own data take over from the company's as they grow. */
export function fitCategory(
  statistics: CustomerStatistics,
  { parameters, medianGapDays }: PurchaseCycleModel,
): PopulationFit {
  const repeatCustomers = statistics.purchaseDays.reduce((sum, n) => (n > 1 ? sum + 1 : sum), 0);
  if (repeatCustomers >= OWN_FIT_REPEATERS) {
    // The prior is the company's own fit: there is no other place to start from.
    return fitPopulation(statistics, {
      prior: { parameters, sd: CATEGORY_SD },
      warmStart: parameters,
      quick: true,
    });
  }
  const unitDays = unitFor(statistics);
  const rows = compress(statistics, { unitDays, gaps: true });
  const own = (typicalGap(rows) ?? 0) * unitDays;
  const weight = repeatCustomers / (repeatCustomers + GAP_PRIOR_REPEATERS);
  const pace = own > 0 ? (own / medianGapDays) ** weight : 1;
  const inherited = inUnit({ ...parameters, alpha: parameters.alpha * pace }, unitDays);
  return {
    parameters: inherited,
    logLikelihood: mixtureLogLikelihood(mixtureOf(inherited), rows),
    customers: statistics.size,
    repeatCustomers,
    agreed: true,
  };
}
