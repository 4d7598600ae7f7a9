import type { Consumed, Stream } from '@regulars/contracts';
import type { Database, Transaction } from '@regulars/persistence';
import type { BatchTransaction, Outcome } from './batch-handler.js';
import type { BrakeLimits } from './consumer-store.js';
import type { LogRecord } from './event-log.js';
import type { DecodedEvents } from './record-decoder.js';
import type { Turns } from './turns.js';

/** What the consumers of several services share that run in one process. Without it each goes as fast as it can. */
export interface SharedByConsumers {
  readonly turns: Turns;
  readonly decoded: DecodedEvents;
}

export interface RunHandler {
  (events: readonly Consumed<Stream>[], tx: BatchTransaction): Promise<void>;
  /** Later events of a key wait behind its dead one, in order; else they pass it. */
  readonly parks?: boolean;
  /** Other types are passed over. */
  readonly types?: readonly string[];
}

/** What the operator sees of consuming: counters and logs, fed from here. */
export interface ConsumerObserver {
  passed(topic: string, counts: ReadonlyMap<Outcome, number>): void;
  retrying(topic: string, kind: 'conflict' | 'unavailable' | 'poison', error: Error): void;
  deadLettered(record: LogRecord, reason: string): void;
  /** Why the consumer makes no progress now; undefined when it does. Readiness hangs on it. */
  blocked(reason: string | undefined): void;
}

export interface ConsumerSettings {
  readonly conflictTries: number;
  readonly conflictDelayMs: number;
  readonly poisonTries: number;
  readonly maxUnavailableDelayMs: number;
  readonly brake: BrakeLimits;
}

export const defaultConsumerSettings: ConsumerSettings = {
  conflictTries: 5,
  conflictDelayMs: 100,
  poisonTries: 3,
  maxUnavailableDelayMs: 30_000,
  brake: { inRow: 20, inFiveMinutes: 100 },
};

export interface BatchProcessorOptions {
  readonly group: string;
  readonly database: Database;
  readonly handlers: ReadonlyMap<Stream, RunHandler>;
  readonly observer: ConsumerObserver;
  readonly settings?: Partial<ConsumerSettings>;
  readonly shared?: SharedByConsumers;
  /** Puts the notice of a dead letter on its topic, in the same transaction (an outbox row). */
  notify(tx: Transaction, record: LogRecord, reason: string, attempts: number): Promise<void>;
}
