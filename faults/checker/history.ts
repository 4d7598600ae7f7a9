/** Everything a fault run leaves behind, written while it runs and judged afterwards by {@link checkHistory}. */
export interface History {
  /** Repeats the run. */
  readonly seed: number;
  readonly operations: readonly Operation[];
  readonly faults: readonly Fault[];
  readonly effects: readonly Effect[];
  readonly records: readonly LogRecord[];
  readonly decisions: readonly Decision[];
  readonly receipts: readonly Receipt[];
  /** Who may be written to where. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly sums: readonly Sum[];
  readonly dumps: readonly DumpPair[];
  readonly expected: Expected;
}

/** What makes a run worth judging. */
export interface Expected {
  readonly leastOperations: number;
  /** Whether the faults must have left at least one operation without a clear answer. */
  readonly uncertain: boolean;
  /** Which consumers must take in which operations. */
  readonly consumers: Readonly<Record<string, readonly OperationKind[]>>;
}

export type OperationKind = 'purchase' | 'refund' | 'opt-out';

/**
 * What a client asked for, once per attempt: the same key again is the same operation. `ok`: acknowledged. `fail`: certainly not done (4xx, or shed before the transaction).
 * `info`: time-out, reset or another 5xx; it may have happened, once or not at all.
 */
export interface Operation {
  readonly key: string;
  readonly kind: OperationKind;
  readonly customer: string;
  readonly end: 'ok' | 'fail' | 'info';
}

export interface Fault {
  readonly atMs: number;
  readonly what: string;
}

/** What a consumer did with an operation's event; `number` counts the customer's events of that stream. */
export interface Effect {
  readonly consumer: string;
  readonly customer: string;
  readonly key: string;
  readonly number: number;
  readonly outcome: 'applied' | 'duplicate' | 'superseded' | 'dead-lettered' | 'parked' | 'pending';
}

/** A record of the log, in its order. */
export interface LogRecord {
  readonly stream: string;
  readonly customer: string;
  readonly number: number;
}

/** What was decided under a customer's lock, in the order in which the lock was held. */
export interface Decision {
  readonly customer: string;
  readonly what: 'reserved' | 'opted-out' | 'opted-in';
  /** An opt-out of one channel leaves the others. */
  readonly channel?: string;
  readonly sendKey?: string;
}

/** What arrived at the other side; the sink writes it down before it answers. */
export interface Receipt {
  readonly sendKey: string;
  readonly customer: string;
  readonly address: string;
  /** Whom the content speaks to. */
  readonly contentOf: string;
  readonly policy: 'at-most-once' | 'at-least-once';
}

/** One of the sums that must balance at a quiet moment. */
export interface Sum {
  readonly name: string;
  readonly left: number;
  readonly right: number;
}

/** Hashes of two canonical dumps that must be equal: rebuilt and live, crashed and uncrashed. */
export interface DumpPair {
  readonly name: string;
  readonly one: string;
  readonly other: string;
}
