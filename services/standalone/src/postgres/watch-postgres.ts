import { setTimeout as delay } from 'node:timers/promises';
import { together, toError } from '@regulars/kernel';

/** What a watch must know of a server. */
export interface WatchedServer {
  alive(): Promise<boolean>;
  /** Starts it where it was: pools reconnect to the port they know. */
  startAgain(): Promise<void>;
}

export interface PostgresWatch {
  /** Ends the watch; a restart under way is finished first. */
  end(): Promise<void>;
}

const LOOK_EVERY_MS = 2_000;
const SLOWEST_MS = 30_000;

/**
 * Starts a server again that ended without being asked (killed, out of memory, no room on the disk): the services wait
 * for it meanwhile, not ready. One that does not start is tried again for ever, ever more slowly: it ran before, so what
 * it lacks can come back, and nobody else would start it.
 */
export function watchPostgres(
  server: WatchedServer,
  say: (words: string) => void,
  lookEveryMs = LOOK_EVERY_MS,
): PostgresWatch {
  const ending = new AbortController();
  let failures = 0;

  async function look(): Promise<void> {
    try {
      if (await server.alive()) return;
      if (failures === 0) say('The embedded Postgres ended by itself; it is started again.');
      await server.startAgain();
      if (failures > 0) say('The embedded Postgres runs again.');
      failures = 0;
    } catch (error) {
      if (failures === 0)
        say(`The embedded Postgres does not start and is tried again: ${toError(error).message}`);
      failures += 1;
    }
  }

  async function watch(): Promise<void> {
    while (!ending.signal.aborted) {
      await look();
      const ms = Math.min(lookEveryMs * 2 ** failures, SLOWEST_MS);
      await delay(together(ms), undefined, { signal: ending.signal, ref: false }).catch(
        () => undefined,
      );
    }
  }

  const watching = watch();
  return {
    end: async () => {
      ending.abort();
      await watching;
    },
  };
}
