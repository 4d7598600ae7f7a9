import type { Forecaster } from '../forecaster.js';
import type { PurchaseHistories } from '../statistics/index.js';
import { constantMean, ownRate } from './count-baselines.js';
import { gapBaselines } from './gap-baselines.js';
import { logisticRfm, recencyAlone } from './logistic-baseline.js';

export { constantMean, gapBaselines, logisticRfm, ownRate, recencyAlone };
/** What every report compares with, also when it is embarrassing. */
export function mandatoryBaselines(histories: PurchaseHistories): Forecaster[] {
  return [recencyAlone, logisticRfm, ...gapBaselines(histories), ownRate, constantMean];
}
