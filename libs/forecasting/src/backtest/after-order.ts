import type { FittedForecaster } from '../forecaster.js';
import type {
  CustomerStatistics,
  KnownHistory,
  PurchaseHistories,
  StateAt,
} from '../statistics/index.js';
import { dateMetrics, type DateMetrics } from './metrics/date-metrics.js';
import type { AfterOrderFrame } from './report.js';
import { sampleOf } from './sample-customers.js';

/** Customers as they stood right after orders that came in the weeks after the origin. */
export interface OrderStates {
  readonly frame: AfterOrderFrame;
  readonly statistics: CustomerStatistics;
  readonly daysToNext: Uint32Array;
}

const ORDER_DAYS = 91;
const FOLLOW_UP_DAYS = 182;
const MOST_ORDERS = 50_000;

/** Undefined where the data end too soon after the origin. */
export function ordersAfter(
  histories: PurchaseHistories,
  known: KnownHistory,
  originDay: number,
  seed: number,
): OrderStates | undefined {
  const left = known.untilDay - originDay;
  // Two thirds to wait for the next order, a third to collect orders in: all of them are followed equally long.
  const followUpDays = Math.min(FOLLOW_UP_DAYS, Math.floor((2 * left) / 3));
  const orderDays = Math.min(ORDER_DAYS, left - followUpDays);
  if (followUpDays < 1 || orderDays < 1) return undefined;
  const orders = sampleOf(ordersWithin(histories, originDay, orderDays), MOST_ORDERS, seed);
  if (orders.length === 0) return undefined;
  const statistics = known.statisticsAt(orders);
  return {
    frame: { orders: orders.length, orderDays, followUpDays },
    statistics,
    daysToNext: known.outcomes(statistics, followUpDays).daysToNext,
  };
}

/** Dates right after each order, among orders that were followed by another in time. */
export function judgeAfterOrders(
  fitted: FittedForecaster,
  { statistics, daysToNext }: OrderStates,
): DateMetrics | undefined {
  const dates = fitted.dates?.(statistics) ?? fitted.score(statistics).dates;
  const rows = Array.from({ length: statistics.size }, (_, row) => row);
  return dates && dateMetrics(dates, statistics.asOfDay, daysToNext, rows);
}

/** Orders of customers who were known at the origin. */
function ordersWithin(
  { size, offsets, days }: PurchaseHistories,
  originDay: number,
  orderDays: number,
): StateAt[] {
  const found: StateAt[] = [];
  for (let customer = 0; customer < size; customer++) {
    const start = offsets[customer] ?? 0;
    const end = offsets[customer + 1] ?? 0;
    if (start === end || (days[start] ?? 0) > originDay) continue;
    for (let at = start + 1; at < end; at++) {
      const asOfDay = days[at] ?? 0;
      if (asOfDay > originDay + orderDays) break;
      if (asOfDay > originDay) found.push({ customer, asOfDay });
    }
  }
  return found;
}
