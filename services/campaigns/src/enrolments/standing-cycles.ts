import type { Day } from '@regulars/kernel';
import type { WalkingCustomer } from './enrolment.js';

/** What an ended enrolment is known again by: a cycle's id changes when an order of its day is taken back. */
export interface StandingCycles {
  readonly cycles: readonly string[];
  readonly lastPurchaseDays: readonly Day[];
}

/** The cycles that customers stand in, as their purchases and their forecasts say. */
export function standingCycles(customers: readonly WalkingCustomer[]): StandingCycles {
  const standing = customers.flatMap(({ lastPurchase, forecast }) => [
    ...(lastPurchase ? [lastPurchase] : []),
    ...(forecast.state === 'current'
      ? [{ cycle: forecast.forecast.cycle, day: forecast.forecast.lastPurchaseDay }]
      : []),
  ]);
  return {
    cycles: [...new Set(standing.map(({ cycle }) => cycle))],
    lastPurchaseDays: [...new Set(standing.map(({ day }) => day))],
  };
}
