export { bgNbd, type BetaGeometricParameters } from './bg-nbd.js';
export type { CustomerState } from './customer-state.js';
export { gammaGamma, type GammaGammaParameters } from './gamma-gamma.js';
export { mixtureOfOne, type GapMixture, type MbgKParameters } from './gap-mixture.js';
export { GapPosterior } from './gap-posterior.js';
export { mbgNbd } from './mbg-nbd.js';
export { nbd, type NbdParameters } from './nbd.js';
export { paretoNbd, type ParetoParameters } from './pareto-nbd.js';
