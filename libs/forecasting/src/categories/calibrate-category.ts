import { FEATURES, fromLogit } from '../calibration/features.js';
import {
  calibratedLogit,
  calibrateHorizon,
  type CalibrationRows,
  type HorizonCalibration,
} from '../calibration/horizon-calibration.js';
import type { PurchaseCycleModel } from '../forecast/cycle-model.js';

/** A category learns its own calibration from this many buyers on. */
const OWN_BUYERS = 500;
/** Below that the company's is shifted, and the shift counts by n/(n + 500). */
const SHIFT_SHRINKAGE = 500;

/** A category's calibration of one horizon; undefined where neither it nor the company has any. */
export function calibrateCategory(
  rows: CalibrationRows,
  { calibrations }: PurchaseCycleModel,
): HorizonCalibration | undefined {
  const buyers = rows.outcome.reduce((sum, y) => sum + y, 0);
  if (buyers >= OWN_BUYERS) return calibrateHorizon(rows);
  const company = calibrations.find(({ horizonDays }) => horizonDays === rows.horizonDays);
  if (!company) return undefined;
  const own = rows.size / (rows.size + SHIFT_SHRINKAGE);
  const shift = own * shiftOf(rows, company);
  return {
    ...company,
    stack: { ...company.stack, intercept: company.stack.intercept + shift },
    rfm: { ...company.rfm, intercept: company.rfm.intercept + shift },
    rows: rows.size,
    buyers,
  };
}

/** The step in log-odds with which the company's probabilities would have added up to what came; at most e^3. */
function shiftOf(rows: CalibrationRows, company: HorizonCalibration): number {
  const etas = Float64Array.from({ length: rows.size }, (_, i) =>
    calibratedLogit(company, rows.features, i * FEATURES),
  );
  // One purchase and one failure beforehand: a category in which nobody bought yet is no impossibility.
  const came = rows.outcome.reduce((sum, y) => sum + y, 0) + 0.5;
  let [low, high] = [-3, 3];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    const expected = etas.reduce((sum, eta) => sum + fromLogit(eta + middle), 0.5);
    if (expected > came) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}
