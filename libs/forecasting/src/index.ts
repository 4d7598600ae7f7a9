export * from './engine.js';
export * from './forecast.js';
export * from './forecaster.js';
export * from './history.js';
export * from './population-sample.js';
export * from './purchase-day.js';
export * from './statistics/index.js';
export { shrunkenCycleEngine } from './shrunken-cycle/engine.js';
export type { CycleModel, GapParameters, ScopeParameters } from './shrunken-cycle/parameters.js';
