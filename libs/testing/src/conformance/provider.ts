import type { EventLog } from '@regulars/messaging';

/** What the suite needs to know of an adapter. */
export interface LogProvider {
  /**
   * An adapter of its own, as another process would have it; the caller closes it. `closeGraceMs`: how long a close waits
   * for what is in work (default short, for tests whose handlers never end).
   */
  createLog(closeGraceMs?: number): EventLog;
  /** The same for a child process. */
  readonly child: ChildLog;
  /** Nobody who was silent for so long still owns a partition. */
  readonly sessionMs: number;
  /** Kills what holds the log, hard; undefined when it is not ours to kill. */
  readonly takeAway?: () => Promise<void>;
  readonly bringBack?: () => Promise<void>;
}

export type ChildLog =
  | { readonly adapter: 'kafka'; readonly brokers: readonly string[]; readonly sessionMs: number }
  | { readonly adapter: 'postgres-log'; readonly databaseUrl: string };
