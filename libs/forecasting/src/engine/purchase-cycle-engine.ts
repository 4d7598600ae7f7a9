import type { ForecastEngine, OpenModel } from '../engine.js';
import { noWindowCalibration } from '../calibration/window-calibration.js';
import { builtInPrior } from '../fitting/built-in-prior.js';
import { fromPoint } from '../fitting/population-parameters.js';
import { ENGINE, type PurchaseCycleModel } from '../forecast/cycle-model.js';
import { typicalGaps } from '../forecast/typical-gaps.js';
import { emptyStatistics } from '../statistics/customer-statistics.js';
import type { CompanyModel } from './company-model.js';
import { fitCompany, nameModel } from './fit-company.js';
import { OpenCompanyModel } from './open-company-model.js';

/** The default: a mixture over regularity, calibrated on earlier days, for a company and each of its categories. */
export const purchaseCycleEngine: ForecastEngine<CompanyModel> = {
  name: ENGINE,
  builtInPrior: nameModel(
    {
      basis: 'built-in prior',
      customers: 0,
      repeatCustomers: 0,
      company: priorModel(),
      categories: {},
      spend: {},
    },
    'prior-1',
  ),
  fit: fitCompany,
  open: (model): OpenModel => new OpenCompanyModel(model),
};

/** The broad prior as it stands: no calibration, no levels, nobody's spend. */
function priorModel(): PurchaseCycleModel {
  const unitDays = 7;
  const parameters = fromPoint(builtInPrior('broad', unitDays).mean, unitDays);
  return {
    engine: ENGINE,
    version: `${ENGINE}/prior-1`,
    asOfDay: 0,
    basis: 'built-in prior',
    ownShare: 0,
    customers: 0,
    repeatCustomers: 0,
    parameters,
    logLikelihood: 0,
    agreed: true,
    calibrations: [],
    windows: noWindowCalibration,
    level: 1,
    spend: { correlation: 0, bands: [] },
    ...typicalGaps(emptyStatistics(0), parameters),
    reminderBasis: 'company',
    repeatShare: 1,
    weekdayShares: new Array<number>(7).fill(1 / 7),
    season: [],
    snapsToWeekdays: false,
  };
}
