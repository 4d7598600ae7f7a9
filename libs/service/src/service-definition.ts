import type { Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';
import type { ServiceName } from '@regulars/contracts';
import type { Balance } from '@regulars/kernel';
import type { Transaction } from '@regulars/persistence';

/** Awaited once the log is there, before relay, consumers and timers start. */
export interface BeforeWork {
  run(): Promise<void>;
}

/** What makes a service: the frame does everything else, the same for all five. */
export interface ServiceDefinition {
  readonly name: ServiceName;
  readonly module: Type;
  readonly entities: readonly (new () => object)[];
  readonly migrations: readonly (new () => MigrationInterface)[];
  /** It has no statement that is to go over a whole table; see `DatabaseOptions`. */
  readonly readsByIndex?: boolean;
  /**
   * A provider of the module. A service that has one ends its process when its database turns out to be on another
   * timeline: what must come before work must come again.
   */
  readonly beforeWork?: Type<BeforeWork>;
  /** It has routes marked `@RefusedUnderLoad()`: its outbox is watched while it fills. */
  readonly refusesUnderLoad?: boolean;
  /** Nobody waits for its events: those of so many milliseconds are published together. */
  readonly publishEveryMs?: number;
  /** Sums of its own records, beside those of every service. Only reads. */
  readonly balances?: (database: Pick<Transaction, 'query'>) => Promise<readonly Balance[]>;
}
