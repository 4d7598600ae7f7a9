import type { ApiKeys } from '@regulars/http';
import type { Clock } from '@regulars/kernel';
import type { EventLog, SharedByConsumers } from '@regulars/messaging';

/** What standalone shares between its services; a service of its own process makes them itself. */
export interface SharedParts {
  readonly clock?: Clock;
  readonly log?: EventLog;
  readonly apiKeys?: ApiKeys;
  readonly poolSize?: number;
  readonly consumers?: SharedByConsumers;
  /** A backup was put back: what was done after it is missing in the data. */
  readonly restored?: boolean;
  readonly signal?: AbortSignal;
  /** The service cannot go on: end the process, so that its supervisor starts it again. */
  readonly onFatal: (error: Error) => void;
}
