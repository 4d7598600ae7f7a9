import type {
  Cause,
  ForecastJudged,
  ForecastUpdated,
  NewEvent,
  NewTombstone,
} from '@regulars/contracts';
import type { Position } from '../purchase-history/customers.store.js';
import type { LedgerOrder } from '../purchase-history/ledger-order.js';
import type { CustomerForecast } from './make-forecast.js';

/** Why a forecast is made anew, and what it answers. */
export interface Occasion {
  readonly cause: ForecastUpdated['cause'];
  /** The last purchase event of the customer that is in the ledger. */
  readonly answers: Position;
  readonly causedBy?: Cause;
  /** What the ledger has taken since the forecast that stands: it is judged by these. */
  readonly arrived: readonly LedgerOrder[];
}

export function forecastUpdated(
  customerId: string,
  forecast: CustomerForecast,
  { cause, answers, causedBy }: Occasion,
  now: Date,
): NewEvent<'forecast'> {
  return {
    stream: 'forecast',
    type: 'ForecastUpdated',
    key: customerId,
    occurredAt: now,
    data: {
      customerId,
      basedOn: {
        lastPurchaseDay: forecast.lastPurchaseDay,
        purchaseCount: forecast.purchaseCount,
        epoch: answers.epoch,
        sequence: answers.sequence,
      },
      cause,
      ...forecast,
    },
    ...(causedBy === undefined ? {} : { causedBy }),
  };
}

export function forecastGone(customerId: string, causedBy: Cause | undefined): NewTombstone {
  return {
    stream: 'forecast',
    type: 'Tombstone',
    key: customerId,
    ...(causedBy === undefined ? {} : { causedBy }),
  };
}

export function forecastJudged(
  data: ForecastJudged,
  { causedBy }: Occasion,
  now: Date,
): NewEvent<'forecast-record'> {
  return {
    stream: 'forecast-record',
    type: 'ForecastJudged',
    key: data.customerId,
    occurredAt: now,
    data,
    ...(causedBy === undefined ? {} : { causedBy }),
  };
}
