import type { ForecastModel } from '../engine.js';
import type { SpendModel } from '../fitting/fit-spend.js';
import type { ENGINE, PurchaseCycleModel } from '../forecast/cycle-model.js';

/** What the company's customers have in common, and where its categories differ. */
export interface CompanyModel extends ForecastModel {
  readonly engine: typeof ENGINE;
  readonly company: PurchaseCycleModel;
  readonly categories: Readonly<Record<string, PurchaseCycleModel>>;
  /** By currency; amounts in minor units. */
  readonly spend: Readonly<Record<string, SpendModel>>;
}

/** The category's model; a category that the fit knows too little of inherits the company's. */
export function modelFor(model: CompanyModel, category: string | undefined): PurchaseCycleModel {
  return categoryOf(model, category) ?? model.company;
}

export function categoryOf(
  { categories }: CompanyModel,
  category: string | undefined,
): PurchaseCycleModel | undefined {
  return category !== undefined && Object.hasOwn(categories, category)
    ? categories[category]
    : undefined;
}
