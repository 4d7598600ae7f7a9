import type { Sql } from '@regulars/persistence';
import type { Api } from './api.ts';
import type { Series } from './series.ts';

export interface HouseOptions {
  /** A day or an instant at which the clocks of all services stand. */
  readonly clock?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Where a standalone's data folder is made. */
  readonly within?: string;
}

/** Regulars as it is run: real processes, real ports, a real database, a real log. */
export interface House {
  readonly mode: 'standalone' | 'distributed';
  readonly api: Api;
  /** The processes that can be killed. */
  readonly processes: readonly string[];
  /** Kills a process with SIGKILL and sees to it that it is started again; resolves when it is gone. */
  kill9(name: string): Promise<void>;
  /** Resolves when every process answers that it is ready. */
  ready(): Promise<void>;
  /** `regulars ...` with address and key of this house; what it wrote to standard output. */
  cli(...parameters: readonly string[]): Promise<string>;
  /** `regulars reconcile --json`, whatever it ends with. */
  reconcile(): Promise<string>;
  scrape(): Promise<readonly Series[]>;
  /** Waits until nothing is unsent, unread or due. */
  drained(withinMs?: number): Promise<void>;
  rows(statement: Sql): Promise<Record<string, unknown>[]>;
  /** What the processes said, for the report of a red test. */
  output(): string;
  stop(): Promise<void>;
}
