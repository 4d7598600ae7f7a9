import pg from 'pg';
import { together } from '@regulars/kernel';
import { LogUnavailable } from '../errors.js';

/** Also how long a paused owner keeps others waiting: the server ends its idle session. */
const IDLE_SESSION = '15s';
const PING_MS = 4_000;
/** Ownership is believed only while the last answer is this fresh; shorter than the server's patience. */
const TRUST_MS = 10_000;

/** Membership of a group: a session advisory lock on a connection of its own. Others stand by until it frees. */
export class GroupLock {
  private client: pg.Client | undefined;
  private ping: NodeJS.Timeout | undefined;
  private answeredAt = 0;
  private held = false;

  constructor(
    private readonly databaseUrl: string,
    private readonly name: string,
    /** The lock is gone, though nobody gave it back. */
    private readonly onLost: () => void,
  ) {}

  get owned(): boolean {
    return this.held && performance.now() - this.answeredAt < TRUST_MS;
  }

  /** Takes the lock if it is free. Rejects with {@link LogUnavailable}. */
  async tryTake(): Promise<boolean> {
    try {
      const client = this.client ?? (await this.connect());
      const askedAt = performance.now();
      const { rows } = await client.query<{ taken: boolean }>(
        `select pg_try_advisory_lock(hashtextextended($1, 0)) as taken`,
        [this.name],
      );
      if (rows[0]?.taken !== true) return false;
      this.held = true;
      this.answeredAt = askedAt;
      this.keepAlive(client);
      return true;
    } catch (error) {
      await this.release();
      throw new LogUnavailable('The lock of the group cannot be asked for.', error);
    }
  }

  /** Ends the session, and with it the lock. */
  async release(): Promise<void> {
    clearTimeout(this.ping);
    const client = this.client;
    this.client = undefined;
    this.held = false;
    await client?.end().catch(() => undefined);
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.databaseUrl,
      application_name: this.name.slice(0, 63),
      options: `-c idle_session_timeout=${IDLE_SESSION} -c statement_timeout=5s`,
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
      keepAlive: true,
    });
    const lost = (): void => {
      if (this.client !== client) return;
      const wasHeld = this.held;
      void this.release();
      if (wasHeld) this.onLost();
    };
    client.on('error', lost);
    client.on('end', lost);
    this.client = client;
    await client.connect();
    return client;
  }

  private keepAlive(client: pg.Client): void {
    clearTimeout(this.ping);
    this.ping = setTimeout(() => {
      const askedAt = performance.now();
      client.query('select').then(
        () => {
          // Counted from the asking: a process stopped in between must not believe an old answer.
          this.answeredAt = askedAt;
          if (this.client === client) this.keepAlive(client);
        },
        () => {
          if (this.client !== client) return;
          void this.release();
          this.onLost();
        },
      );
    }, together(PING_MS));
    this.ping.unref();
  }
}
