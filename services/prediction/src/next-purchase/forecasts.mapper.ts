import type { CategoryForecast } from '@regulars/contracts';
import type { AsOfForecast } from '@regulars/forecasting';
import { daysBetween } from '@regulars/kernel';
import type {
  CategoryDetailResponse,
  CategoryForecastResponse,
  DatesResponse,
  ForecastDetailResponse,
  ForecastResponse,
} from './forecasts.dto.js';
import { contactDayOf, type CustomerForecast } from './make-forecast.js';
import type { NowInDetail } from './now-forecasts.use-case.js';

export function toForecast(
  customerId: string,
  forecast: CustomerForecast,
  now: AsOfForecast,
): ForecastResponse {
  const contactDay = contactDayOf(forecast);
  const overdueByDays = daysBetween(contactDay, now.asOf);
  return {
    customerId,
    asOf: now.asOf,
    ...toDates(forecast),
    contactDay,
    ...(overdueByDays > 0 ? { overdueByDays } : {}),
    daysSinceLastPurchase: now.daysSinceLastPurchase,
    ...(now.expectedDay === undefined ? {} : { expectedDay: now.expectedDay }),
    ...(now.windowNow === undefined ? {} : { windowNow: now.windowNow }),
    predictabilityNow: now.predictability,
    probabilityAlive: now.probabilityAlive,
    purchaseProbability: now.purchaseProbability,
    expectedPurchases: now.expectedPurchases,
    calibrated: now.calibrated,
    modelVersion: forecast.modelVersion,
  };
}

/** As a list of a category has it: beside the customer's forecast the one that put him there. */
export function withCategory(
  response: ForecastResponse,
  forecast: CustomerForecast,
  name: string,
): ForecastResponse {
  const within = forecast.categories.find(({ category }) => category === name);
  return within ? { ...response, category: toCategory(within) } : response;
}

export function toForecastDetail(
  customerId: string,
  forecast: CustomerForecast,
  { now, byCategory }: NowInDetail,
): ForecastDetailResponse {
  return {
    ...toForecast(customerId, forecast, now),
    explanation: now.explanation,
    categories: forecast.categories.flatMap((within): CategoryDetailResponse[] => {
      const own = byCategory.get(within.category);
      if (!own) return [];
      const { probabilityAlive, purchaseProbability, expectedPurchases } = own;
      return [{ ...toCategory(within), probabilityAlive, purchaseProbability, expectedPurchases }];
    }),
  };
}

function toCategory(forecast: CategoryForecast): CategoryForecastResponse {
  return {
    category: forecast.category,
    contactDay: contactDayOf(forecast),
    ...toDates(forecast),
  };
}

function toDates(forecast: CustomerForecast | CategoryForecast): DatesResponse {
  const value = forecast.expectedPurchaseValueMinor;
  return {
    purchaseCount: forecast.purchaseCount,
    firstPurchaseDay: forecast.firstPurchaseDay,
    lastPurchaseDay: forecast.lastPurchaseDay,
    ...present(forecast, 'cycleDays'),
    ...present(forecast, 'gapVariation'),
    ...present(forecast, 'pRegular'),
    ...present(forecast, 'pNoCycle'),
    ...present(forecast, 'newUntilDay'),
    ...present(forecast, 'dueDay'),
    ...present(forecast, 'window'),
    ...present(forecast, 'lostDay'),
    ...present(forecast, 'remindDay'),
    basis: forecast.basis,
    predictability: forecast.predictability,
    ...(value === undefined || forecast.currency === undefined
      ? {}
      : { expectedPurchaseValue: { amountMinor: value, currency: forecast.currency } }),
  };
}

/** The field where there is one: an absent date is left out, never null. */
function present<T extends object, K extends keyof T>(
  from: T,
  field: K,
): { [P in K]?: NonNullable<T[P]> } {
  const value = from[field];
  if (value === undefined || value === null) return {};
  return { [field]: value } as { [P in K]?: NonNullable<T[P]> };
}
