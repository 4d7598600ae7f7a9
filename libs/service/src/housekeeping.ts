import { purgeExpiredAnswers } from '@regulars/http';
import type { Logger } from '@regulars/observability';
import type { Database } from '@regulars/persistence';

const EVERY_MS = 60_000;
const AT_ONCE = 1_000;

/** Removes kept answers whose 24 hours are over: they may hold personal data. Stops with the returned function. */
export function keepHouse(database: Database, logger: Logger): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    running = purge(database).catch((error: unknown) => {
      logger.warn({ err: error }, 'expired answers could not be removed; tried again in a minute');
    });
  }, EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}

async function purge(database: Database): Promise<void> {
  let removed = AT_ONCE;
  while (removed === AT_ONCE) {
    removed = await database.withTransaction((tx) => purgeExpiredAnswers(tx, AT_ONCE));
  }
}
