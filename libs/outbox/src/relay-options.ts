import type { EventLog } from '@regulars/messaging';
import type { MetricsRegistry } from '@regulars/observability';
import type { Database } from '@regulars/persistence';

export interface RelayOptions {
  readonly database: Database;
  readonly log: EventLog;
  readonly metrics: MetricsRegistry;
  readonly onError: (error: Error) => void;
  readonly batchSize?: number;
  /** How often it is asked whether rows wait that nobody told of: the fallback when a wake-up was lost. */
  readonly pollMs?: number;
  /** Rows gather for so long between two batches, where nobody waits for them: a small batch costs like a large one. */
  readonly gatherMs?: number;
  /** How often every partition of a compacted topic gets a record at least. */
  readonly heartbeatMs?: number;
}
