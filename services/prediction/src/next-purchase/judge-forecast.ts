import type { ForecastJudged } from '@regulars/contracts';
import { addDays, daysBetween, type Day } from '@regulars/kernel';
import type { LedgerOrder } from '../purchase-history/ledger-order.js';
import type { CustomerForecast } from './make-forecast.js';

export interface PublishedForecast {
  readonly forecast: CustomerForecast;
  /** Since when these dates stand. */
  readonly publishedDay: Day;
}

/**
 * What became of a published forecast, by the first purchase day after the one that it was made on, among the orders
 * that have come since. Undefined while none has come, and for a day that lay in the past already when the forecast was
 * published (imported history).
 */
export function judgeForecast(
  customerId: string,
  { forecast, publishedDay }: PublishedForecast,
  orders: readonly LedgerOrder[],
): ForecastJudged | undefined {
  const later = orders.filter(
    ({ purchaseDay }) => purchaseDay !== null && purchaseDay > forecast.lastPurchaseDay,
  );
  const days = later.flatMap(({ purchaseDay }) => (purchaseDay === null ? [] : [purchaseDay]));
  if (days.length === 0) return undefined;
  const came = days.reduce((a, b) => (a < b ? a : b));
  if (came < publishedDay) return undefined;
  const purchaseIds = later.filter((o) => o.purchaseDay === came).map((o) => o.purchaseId);

  const { dueDay, window, remindDay, predictability, modelVersion, basis } = forecast;
  const baseline = baselineDay(forecast);
  return {
    customerId,
    purchaseId: purchaseIds.reduce((a, b) => (a < b ? a : b)),
    purchaseDay: came,
    forecast: {
      ...(dueDay === undefined ? {} : { dueDay }),
      ...(window === undefined ? {} : { window }),
      ...(remindDay === undefined ? {} : { remindDay }),
      predictability,
      modelVersion,
      basis,
    },
    ...(window === undefined ? {} : { insideWindow: window.from <= came && came <= window.to }),
    ...(dueDay === undefined ? {} : { errorDays: daysBetween(dueDay, came) }),
    ...(baseline === undefined ? {} : { baselineErrorDays: daysBetween(baseline, came) }),
  };
}

/** The plainest forecast there is, made of what this one knew: last purchase + mean gap. */
function baselineDay(forecast: CustomerForecast): Day | undefined {
  const { purchaseCount, firstPurchaseDay, lastPurchaseDay } = forecast;
  if (purchaseCount < 2) return undefined;
  const meanGap = daysBetween(firstPurchaseDay, lastPurchaseDay) / (purchaseCount - 1);
  return addDays(lastPurchaseDay, Math.round(meanGap));
}
