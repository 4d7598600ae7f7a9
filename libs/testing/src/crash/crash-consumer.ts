import type { Database } from '@regulars/persistence';
import {
  consumeAll,
  handlersOf,
  idsIn,
  type Acknowledged,
  type AnyEvent,
  type Handlers,
} from './consume-all.js';
import { countedDatabase } from './counted-ports.js';
import { crashEverywhere, type CrashReport } from './crash-everywhere.js';
import { CrashPoints } from './crash-points.js';
import { canonicalDump, keepTables } from './tables.js';

export interface CrashedConsumer {
  readonly database: Database;
  readonly group: string;
  /** The handlers of a process that has just started. */
  handlers(): Handlers;
  readonly batches: readonly (readonly AnyEvent[])[];
  readonly twice?: boolean;
}

/** Crashes a consumer at each of its effects. Begins each run with the rows that stand in the database now. */
export async function crashConsumer(options: CrashedConsumer): Promise<CrashReport> {
  const { database: real, group, batches, twice = false } = options;
  const points = new CrashPoints();
  const database = countedDatabase(real, points);
  const restore = await keepTables(real);
  let acknowledged: Acknowledged = new Map();
  const scene = {
    points,
    reset: async () => {
      acknowledged = new Map();
      await restore();
    },
    work: () => {
      const handlers = handlersOf(options.handlers());
      return consumeAll({ group, database, points, handlers, batches }, acknowledged);
    },
    outcome: () => canonicalDump(real, idsIn(batches)),
  };
  return crashEverywhere(scene, { twice });
}
