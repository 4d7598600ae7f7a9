import type { CategoryForecast } from '@regulars/contracts';
import type { AsOfForecast } from '@regulars/forecasting';
import { daysBetween } from '@regulars/kernel';
import type {
  CategoryForecastResponse,
  DatesResponse,
  ForecastDetailResponse,
  ForecastResponse,
} from './forecasts.dto.js';
import { contactDayOf, type CustomerForecast } from './make-forecast.js';

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
    calibrated: now.calibrated,
    modelVersion: forecast.modelVersion,
  };
}

export function toForecastDetail(
  customerId: string,
  forecast: CustomerForecast,
  now: AsOfForecast,
): ForecastDetailResponse {
  return {
    ...toForecast(customerId, forecast, now),
    explanation: now.explanation,
    categories: forecast.categories.map(toCategory),
  };
}

function toCategory(forecast: CategoryForecast): CategoryForecastResponse {
  return { category: forecast.category, ...toDates(forecast) };
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
