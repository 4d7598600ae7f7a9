import { addDays, daysBetween, type Day } from '@regulars/kernel';
import type { Trigger } from '../campaigns/campaign.js';
import type { StandingForecast, WalkingCustomer } from './enrolment.js';

/** What a trigger sees in a customer: the day that a ladder would hang on. */
export interface Occasion {
  readonly cycle: string;
  readonly triggerDay: Day;
  readonly lastPurchaseDay: Day;
  readonly cycleDays: number;
  readonly moneyAtRiskMinor: number;
  readonly forecast?: StandingForecast;
}

/** `unknown`: not now, ask again when the facts have caught up. `none`: there is nothing to hang a ladder on. */
export function occasionOf(
  trigger: Trigger,
  customer: WalkingCustomer,
): Occasion | 'unknown' | 'none' {
  return trigger.kind === 'purchase'
    ? afterPurchase(trigger.daysAfter, customer)
    : aroundDueDay(trigger.daysAfter, customer);
}

function afterPurchase(daysAfter: number, customer: WalkingCustomer): Occasion | 'none' {
  const last = customer.lastPurchase;
  // Imported history fires nothing.
  if (!last || last.imported) return 'none';
  const forecast = customer.forecast.state === 'current' ? customer.forecast.forecast : undefined;
  return {
    cycle: last.cycle,
    triggerDay: addDays(last.day, daysAfter),
    lastPurchaseDay: last.day,
    cycleDays: forecast?.cycleDays ?? 0,
    moneyAtRiskMinor: forecast?.expectedValueMinor ?? 0,
    ...(forecast?.cycle === last.cycle ? { forecast } : {}),
  };
}

function aroundDueDay(
  daysAfter: number,
  { forecast: view }: WalkingCustomer,
): Occasion | 'unknown' | 'none' {
  if (view.state === 'pending') return 'unknown';
  if (view.state === 'none') return 'none';
  const { forecast } = view;
  const day = forecast.dueDay ?? forecast.remindDay;
  if (day === undefined) return 'unknown';
  return {
    cycle: forecast.cycle,
    triggerDay: addDays(day, daysAfter),
    lastPurchaseDay: forecast.lastPurchaseDay,
    // Without a cycle of its own the customer's wait stands in for it.
    cycleDays: forecast.cycleDays ?? Math.max(1, daysBetween(forecast.lastPurchaseDay, day)),
    moneyAtRiskMinor: forecast.expectedValueMinor ?? 0,
    forecast,
  };
}
