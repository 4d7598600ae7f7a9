import type { Subject } from '../engine.js';
import type { Explanation } from '../forecast.js';
import type { CustomerForecast } from '../forecast/customer-forecast.js';
import { explain } from '../forecast/explain.js';
import type { CompanyModel } from './company-model.js';
import { round } from './round.js';

/** The numbers behind a forecast as of a day, and the same in a sentence. */
export function explanationOf(
  subject: Subject,
  found: CustomerForecast,
  model: CompanyModel,
): Explanation {
  const { company } = model;
  const calibrated = found.horizons.filter((h) => h.calibrated).map((h) => h.horizonDays);
  return {
    sentence: explain(found),
    typicalGapDays: round(found.cycleDays, 2),
    gapsObserved: found.repeats,
    regularity: round(found.regularity, 2),
    pRegular: round(found.pRegular, 4),
    pNoCycle: round(found.pNoCycle, 4),
    populationGapDays: round(company.medianGapDays, 2),
    ...rawProbabilities(found),
    calibratedHorizons: calibrated.join(', '),
    ...(subject.statedCycleDays === undefined ? {} : { statedCycleDays: subject.statedCycleDays }),
    basis: model.basis,
    ownDataWeight: round(company.ownShare, 4),
    modelVersion: model.version,
  };
}

/** As the model gave them, before calibration. */
function rawProbabilities({ horizons }: CustomerForecast): Explanation {
  return Object.fromEntries(
    horizons.map((h) => [`rawProbabilityD${String(h.horizonDays)}`, round(h.rawProbability, 4)]),
  );
}
