import { setTimeout as delay } from 'node:timers/promises';
import { toError } from '@regulars/kernel';

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

const LOOK_EVERY_MS = 1_000;

/**
 * Starts a server again that ended without being asked (killed, or out of memory): the services wait for it meanwhile,
 * not ready. One that does not start again is fatal.
 */
export function watchPostgres(
  server: WatchedServer,
  onFatal: (error: Error) => void,
): PostgresWatch {
  const ending = new AbortController();
  async function watch(): Promise<void> {
    while (!ending.signal.aborted) {
      if (!(await server.alive())) {
        process.stderr.write('The embedded Postgres ended by itself; it is started again.\n');
        await server.startAgain();
      }
      await delay(LOOK_EVERY_MS, undefined, { signal: ending.signal, ref: false }).catch(
        () => undefined,
      );
    }
  }
  const watching = watch().catch((error: unknown) => {
    onFatal(toError(error));
  });
  return {
    end: async () => {
      ending.abort();
      await watching;
    },
  };
}
