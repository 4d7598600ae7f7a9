import { setTimeout as pause } from 'node:timers/promises';
import { RegularsError } from '@regulars/kernel';
import { classOf, cleanText } from '@regulars/messaging';
import type { Database } from '@regulars/persistence';
import type { LeasedTimer } from './timer.js';
import type { TimerHandler } from './timer-handler.js';
import type { TimerMetrics } from './timer-metrics.js';
import { timerStore } from './timer-store.js';
import { takenIn } from './timers.js';

export interface FireOptions {
  readonly database: Database;
  readonly metrics: TimerMetrics;
  onPutOff(timer: LeasedTimer, error: unknown): void;
}

/** The database cannot be worked with now: leases were given back, look again later. */
export class FiringUnavailable extends RegularsError {
  constructor(cause: unknown) {
    super('timers-unavailable', 'Timers cannot be fired now; they stay due.', { cause });
  }
}

const CONFLICT_TRIES = 5;
const FIRST_PAUSE_MS = 100;

/**
 * Fires leased timers in one transaction. A batch that fails by its own fault is halved until the bad timer stands
 * alone and is put off; so the others of the batch fire, in their order.
 */
export async function fireTimers(
  handler: TimerHandler,
  leased: readonly LeasedTimer[],
  options: FireOptions,
): Promise<void> {
  const { database, metrics } = options;
  try {
    const firedAt = database.clock.now().getTime();
    const taken = await fireOnce(handler, leased, database);
    for (const { kind, dueAt } of taken) {
      metrics.fired.inc({ kind });
      metrics.delay.observe(Math.max(0, firedAt - dueAt.getTime()) / 1_000);
    }
    if (taken.length > 0) metrics.lastFire.setToCurrentTime();
  } catch (error) {
    if (classOf(error) !== 'poison') {
      // Failing here too only means that the leases must run out first.
      await timerStore(database)
        .release(leased)
        .catch(() => undefined);
      throw new FiringUnavailable(error);
    }
    const [only] = leased;
    if (leased.length === 1 && only) {
      await timerStore(database).putOff(only, cleanText(error));
      metrics.failed.inc({ kind: only.kind });
      options.onPutOff(only, error);
      return;
    }
    const middle = Math.ceil(leased.length / 2);
    await fireTimers(handler, leased.slice(0, middle), options);
    await fireTimers(handler, leased.slice(middle), options);
  }
}

/** The timers that the handler took, once committed. Lost races for locks are run again. */
async function fireOnce(
  handler: TimerHandler,
  leased: readonly LeasedTimer[],
  database: Database,
): Promise<readonly LeasedTimer[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await database.withTransaction(async (tx) => {
        await handler.fire(leased, tx);
        return takenIn(tx);
      });
    } catch (error) {
      if (classOf(error) !== 'conflict' || attempt === CONFLICT_TRIES) throw error;
      await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
    }
  }
}
