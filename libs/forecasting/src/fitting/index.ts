export { trades, type Trade } from './built-in-prior.js';
export {
  fitBgNbd,
  fitGammaGamma,
  fitMbgK,
  fitMbgNbd,
  fitNbd,
  fitParetoNbd,
  type ClassicFit,
} from './fit-classic.js';
export { fitPopulation, type FitOptions, type PopulationFit } from './fit-population.js';
export { compress, type FitRows } from './fit-rows.js';
export type { PopulationParameters } from './population-parameters.js';
