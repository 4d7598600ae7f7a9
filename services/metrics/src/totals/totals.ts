import type { CustomerHistory } from '../ledger/customer-history.js';
import { addMemberships } from './membership-totals.js';
import { addPurchases } from './purchase-totals.js';
import { Tally } from './tally.js';
import { addTouches } from './touch-totals.js';

/** The totals behind all reports, one tally per table; the keys are the tables' keys. */
export interface Totals {
  /** (period, start, segment) -> buyers, returning buyers, purchase days, repeat days, first days, second days, gap days. */
  readonly purchases: Tally;
  /** (period, start, segment, currency) -> orders, repeat orders, revenue, repeat revenue. */
  readonly revenue: Tally;
  /** (day, series) -> change in the number of customers on that day. */
  readonly memberships: Tally;
  /** (day, channel, campaign, outcome, detail) -> touches. */
  readonly touches: Tally;
  /** (day, channel, campaign, currency) -> purchases credited, their revenue. */
  readonly touchPurchases: Tally;
}

/** What the customers add to the totals: a pure function of their histories, so a change is new minus old. */
export function totalsOf(histories: Iterable<CustomerHistory>): Totals {
  const totals = noTotals();
  for (const history of histories) {
    addPurchases(totals, history);
    addMemberships(totals, history);
    addTouches(totals, history);
  }
  return totals;
}

export function difference(after: Totals, before: Totals): Totals {
  const change = noTotals();
  for (const name of Object.keys(change) as (keyof Totals)[]) {
    change[name].addAll(after[name]);
    change[name].addAll(before[name], -1);
  }
  return change;
}

function noTotals(): Totals {
  return {
    purchases: new Tally(),
    revenue: new Tally(),
    memberships: new Tally(),
    touches: new Tally(),
    touchPurchases: new Tally(),
  };
}
