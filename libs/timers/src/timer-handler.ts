import type { Transaction } from '@regulars/persistence';
import type { LeasedTimer } from './timer.js';

/**
 * Fires timers of one kind, in one transaction with the effect. First lock the customers concerned, then call
 * `timers(tx).take(leased)`: it removes and returns those that still stand as leased (one that was moved or
 * cancelled meanwhile is left out), then act on these. What is not taken fires again.
 */
export interface TimerHandler {
  /** The most timers that one transaction takes; many when absent. One, where each locks rows before rows of the next. */
  readonly atMost?: number;
  fire(leased: readonly LeasedTimer[], tx: Transaction): Promise<void>;
}
