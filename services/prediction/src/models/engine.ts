import { purchaseCycleEngine, type CompanyModel, type JudgedFit } from '@regulars/forecasting';

/** The estimator in use; another engine of `forecasting` takes its place here. */
export const engine = purchaseCycleEngine;
export type Model = CompanyModel;
export type Fit = JudgedFit<Model>;

/** Whether stored parameters are of the engine in use: those of an earlier one wait for a refit. */
export function isModel(parameters: { readonly engine?: unknown }): parameters is Model {
  return parameters.engine === engine.name;
}
