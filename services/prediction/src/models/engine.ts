import { defaultSettings, shrunkenCycleEngine, type CycleModel } from '@regulars/forecasting';

/** The estimator in use; another engine of `forecasting` takes its place here. */
export const engine = shrunkenCycleEngine;
export type Model = CycleModel;
export const settings = defaultSettings;

/** Whether stored parameters are of the engine in use: those of an earlier one wait for a refit. */
export function isModel(parameters: { readonly engine?: unknown }): parameters is Model {
  return parameters.engine === engine.name;
}
