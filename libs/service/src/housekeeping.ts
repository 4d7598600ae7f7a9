import { together } from '@regulars/kernel';
import { purgeExpiredAnswers } from '@regulars/http';
import { drainWaiting, expireDeadLetters, type RedriveOptions } from '@regulars/messaging';
import type { Logger } from '@regulars/observability';
import { foldOutboxCounts } from '@regulars/outbox';
import type { Database } from '@regulars/persistence';

const EVERY_MS = 60_000;
const AT_ONCE = 1_000;

/**
 * Removes what is kept for a time only (answers for 24 hours, dead letters for 30 days: they may hold personal data),
 * lets parked events go on where a redrive was cut off, and folds the counts of ended connections. Stops with the returned function.
 */
export function keepHouse(redriving: RedriveOptions, logger: Logger): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  const chores = async (): Promise<void> => {
    await purge(redriving.database);
    await drainWaiting(redriving);
    await expireDeadLetters(redriving);
    await foldOutboxCounts(redriving.database);
  };
  let timer: NodeJS.Timeout | undefined;
  const again = (): void => {
    timer = setTimeout(() => {
      running = chores()
        .catch((error: unknown) => {
          logger.warn({ err: error }, 'the housekeeping failed; tried again in a minute');
        })
        .finally(() => {
          if (timer !== undefined) again();
        });
    }, together(EVERY_MS)).unref();
  };
  again();
  return async () => {
    clearTimeout(timer);
    timer = undefined;
    await running;
  };
}

async function purge(database: Database): Promise<void> {
  let removed = AT_ONCE;
  while (removed === AT_ONCE) {
    removed = await database.withTransaction((tx) => purgeExpiredAnswers(tx, AT_ONCE));
  }
}
