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

/** What the customers add to the totals: a pure function of their histories, so that a change is new minus old. */
export function totalsOf(histories: Iterable<CustomerHistory>): Totals {
  const totals = noTotals();
  for (const history of histories) for (const { add } of counted) add(totals, history);
  return totals;
}

/** What the totals change by. Only what hangs on a part of a history that has changed is counted, before and after. */
export function totalsChange(changes: Iterable<Change>): Totals {
  const [was, is] = [noTotals(), noTotals()];
  for (const { before, after } of changes)
    for (const { of, add } of counted) {
      if (of.every((part) => before[part] === after[part])) continue;
      add(was, before);
      add(is, after);
    }
  return difference(is, was);
}

/** A customer before and after. */
interface Change {
  readonly before: CustomerHistory;
  readonly after: CustomerHistory;
}

/** What is counted, and the parts of a history that it is counted from. */
const counted: readonly {
  readonly of: readonly (keyof CustomerHistory)[];
  readonly add: (totals: Totals, history: CustomerHistory) => void;
}[] = [
  { of: ['orders', 'segments'], add: addPurchases },
  { of: ['segments', 'erasedDay', 'mergedDay'], add: addMemberships },
  { of: ['touches', 'orders'], add: addTouches },
];

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
