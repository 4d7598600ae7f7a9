export * from './customer-forecast.js';
export { explain } from './explain.js';
export { CycleForecaster } from './cycle-forecaster.js';
export type { PurchaseCycleModel } from './cycle-model.js';
export { fitCycleModel, standardHorizons, type FitModelOptions } from './fit-cycle-model.js';
export { purchaseCycle, standing } from './purchase-cycle.js';
export {
  rhythmLimits,
  rhythmOf,
  type Rhythm,
  type RhythmFacts,
  type RhythmLimits,
} from './rhythm.js';
export { defaultRules, type ForecastRules } from './settings.js';
