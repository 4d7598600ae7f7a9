import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { RegularsError, toError } from '@regulars/kernel';
import { classOf } from '@regulars/messaging';

export interface OnlyInstance {
  release(): Promise<void>;
}

/** What to do while a Postgres that others start is not there yet. */
export interface Waiting {
  onWaiting(): void;
  /** Stops waiting: the process was told to end. */
  readonly signal?: AbortSignal;
}

const TRIES = 15;
const BETWEEN_TRIES_MS = 200;
const RECONNECT_AFTER_MS = 500;

/**
 * Makes sure that one standalone runs on a database: an advisory lock that lives as long as our connection. (A pid
 * file would outlive us.) A Postgres that went away and came back has forgotten the lock: it is taken anew, and when
 * another instance was quicker, `onFatal` hears it. With `waiting`, a Postgres that is not there yet is waited for.
 */
export async function becomeOnlyInstance(
  databaseUrl: string,
  where: string,
  onFatal: (error: Error) => void,
  waiting?: Waiting,
): Promise<OnlyInstance> {
  const lock = new InstanceLock(databaseUrl, where, onFatal);
  for (let told = false; ; told = true) {
    try {
      await lock.take();
      return lock;
    } catch (error) {
      if (!waiting || classOf(error) !== 'unavailable') throw error;
      if (!told) waiting.onWaiting();
      const { signal } = waiting;
      await delay(RECONNECT_AFTER_MS, undefined, signal ? { signal } : {});
    }
  }
}

class InstanceLock implements OnlyInstance {
  private client: pg.Client | undefined;
  private readonly released = new AbortController();

  constructor(
    private readonly databaseUrl: string,
    private readonly where: string,
    private readonly onFatal: (error: Error) => void,
  ) {}

  async take(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.databaseUrl,
      application_name: 'regulars-standalone',
      keepAlive: true,
    });
    // Whatever it was, the connection is gone, which `end` tells.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await this.takeWith(client);
    } catch (error) {
      await client.end();
      throw error;
    }
    client.once('end', () => void this.takeAgain());
    this.client = client;
  }

  async release(): Promise<void> {
    this.released.abort();
    await this.client?.end();
  }

  private async takeWith(client: pg.Client): Promise<void> {
    // A process killed a moment ago may hold it for another second.
    for (let tried = 1; !(await isTaken(client)); tried += 1) {
      if (tried > TRIES) {
        throw new RegularsError(
          'already-running',
          `Regulars runs on ${this.where} already. Stop that one first, or choose another folder with --data.`,
        );
      }
      await delay(BETWEEN_TRIES_MS);
    }
  }

  private async takeAgain(): Promise<void> {
    while (!this.released.signal.aborted) {
      try {
        await this.take();
        return;
      } catch (error) {
        if (error instanceof RegularsError) {
          this.onFatal(toError(error));
          return;
        }
        // Postgres is still away.
        await delay(RECONNECT_AFTER_MS, undefined, { ref: false });
      }
    }
  }
}

async function isTaken(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ mine: boolean }>(
    `select pg_try_advisory_lock(hashtextextended('regulars-standalone', 0)) as mine`,
  );
  return rows[0]?.mine === true;
}
