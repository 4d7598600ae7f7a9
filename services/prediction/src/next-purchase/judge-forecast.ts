import type { ForecastJudged } from '@regulars/contracts';
import { frequencyOf } from '@regulars/forecasting';
import { daysBetween, fromEpochDay, toEpochDay, type Day } from '@regulars/kernel';
import { customerLedger } from '../purchase-history/customer-ledger.js';
import type { LedgerOrder } from '../purchase-history/ledger-order.js';
import type { CustomerForecast } from './make-forecast.js';

export interface PublishedForecast {
  readonly forecast: CustomerForecast;
  /** Since when these dates stand. */
  readonly publishedDay: Day;
}

/**
 * What became of a published forecast, by the first purchase day after the one that it was made on. Undefined while
 * none has come, and for a day that lay in the past already when the forecast was published (imported history).
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
  const baseline = baselineDay(orders, forecast.lastPurchaseDay);
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

/** The plainest forecast there is: last purchase + mean gap. */
function baselineDay(orders: readonly LedgerOrder[], lastDay: Day): Day | undefined {
  const then = customerLedger(
    orders.filter(({ purchaseDay }) => purchaseDay !== null && purchaseDay <= lastDay),
  );
  if (!then || frequencyOf(then.history) === 0) return undefined;
  const { firstDay, lastDay: last } = then.history;
  return fromEpochDay(
    toEpochDay(lastDay) + Math.round((last - firstDay) / frequencyOf(then.history)),
  );
}
