import type { Consumed, Stream } from '@regulars/contracts';
import type { Transaction } from '@regulars/persistence';

export const outcomes = [
  'applied',
  'duplicate',
  'superseded',
  'not-consumed',
  'dead-lettered',
  'parked',
  'discarded',
  'expired',
] as const;

/** How an event of a batch ended; every record passed is counted under exactly one of them. */
export type Outcome = (typeof outcomes)[number];

/** The transaction of a batch: the handler's effect, the inbox, the counters and the stored offset commit together. */
export interface BatchTransaction extends Transaction {
  /** The consumer group = the service's name. */
  readonly group: string;
  /** A dead letter goes through again: its "once" is the dead-letter row, so the inbox lets it pass. */
  readonly redriving: boolean;
  /** Counts events of this batch that did not end as `applied`. */
  note(outcome: Exclude<Outcome, 'applied'>, count: number): void;
}

/**
 * Works off the events of one stream. The port decodes, opens `tx`, stores offset and counters in it, commits,
 * repeats on conflicts and halves the batch to find a poison event. Throw to refuse the batch; never catch and go on.
 */
export interface BatchHandler<S extends Stream> {
  handle(events: readonly Consumed<S>[], tx: BatchTransaction): Promise<void>;
}
