import type { PurchaseHistory } from '@regulars/forecasting';
import type { CurrencyDays } from './currencies.js';
import type { LedgerItem } from './ledger-order.js';

/** Days in running sums, with what was bought on the last of them. */
export interface Folded {
  readonly history: PurchaseHistory;
  /** Of the last day: equal ones joined, in a fixed order. */
  readonly lastItems: readonly LedgerItem[];
}

export interface CategoryState extends Folded {
  readonly category: string;
}

/**
 * What the orders of one customer say, without the orders: all that a forecast is made of, and what it takes to go on
 * from here. A fold of the ledger, the same for every order in which they arrived.
 */
export interface CustomerState extends Folded {
  /** The currency of most of his purchase days; spend is counted in it alone. */
  readonly currency: string;
  readonly currencies: readonly CurrencyDays[];
  /** Smallest purchase id of the last purchase day: the id of the cycle that it opened. */
  readonly cycle: string;
  /** Whether the last purchase day holds imported orders only. */
  readonly imported: boolean;
  /** Most recent first. */
  readonly categories: readonly CategoryState[];
  /** Whether there are further categories, left out here. */
  readonly moreCategories: boolean;
}

/** Raise it when the same orders give another state: what earlier versions have stored is then folded anew. */
export const FOLD = 1;

/** A state as it is kept, with what tells whether it still holds. */
export interface StoredState {
  readonly fold: number;
  /**
   * The last purchase event of the customer when it was written. A writer that keeps no states, such as an earlier
   * release beside this one, moves the customer on and leaves this behind.
   */
  readonly answered: { readonly epoch: number; readonly sequence: number };
  readonly state: CustomerState;
}
