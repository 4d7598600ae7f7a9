import pg from 'pg';
import { together, toError } from '@regulars/kernel';

export interface RelayLeaderOptions {
  readonly databaseUrl: string;
  /** One leader per schema: it is what the advisory lock is named after. */
  readonly schema: string;
  /** How often the leader shows that it lives. */
  readonly pingMs?: number;
  /** Above which sequence a ping looks for rows; undefined: somebody is looking anyway. */
  looksAbove(): number | undefined;
  /** There are rows, or another process says so. */
  onWakeUp(): void;
  readonly onError: (error: Error) => void;
}

const PING_MS = 2_000;
const TRUST_MS = 5_000;
const RETRY_MS = 1_000;
/** SQLSTATE of a statement that the server cut short. */
const CUT_SHORT = '57014';

/**
 * Leadership of a relay by a session advisory lock on a connection of its own. `idle_session_timeout` frees the lock
 * of a stopped process (TCP keep-alive does not: its kernel still answers); so the leader pings, and trusts its
 * leadership only while the last answer is fresh. Since it asks anyway, it asks for rows that nobody told of.
 */
export class RelayLeader {
  private client: pg.Client | undefined;
  private leading = false;
  private terms = 0;
  private answeredAt = 0;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private working: Promise<void> = Promise.resolve();

  constructor(private readonly options: RelayLeaderOptions) {}

  get isLeader(): boolean {
    return this.leading && performance.now() - this.answeredAt < TRUST_MS;
  }

  /** Rises with every taking of the lock: what belongs to an earlier term is over. */
  get term(): number {
    return this.terms;
  }

  /** Gives the lock back at once; it is asked for again after a while. */
  async resign(): Promise<void> {
    await this.drop();
  }

  start(): void {
    this.schedule(0);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.working;
    await this.drop();
  }

  /** Wakes the leader, wherever it runs. Sent by the process that committed rows and does not lead. */
  async notifyLeader(): Promise<void> {
    await this.client?.query(`select pg_notify($1, '')`, [this.channel]).catch(() => undefined);
  }

  private get channel(): string {
    return `outbox_${this.options.schema}`;
  }

  private schedule(ms: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.working = this.step().then((next) => {
        this.schedule(next);
      });
    }, together(ms));
    this.timer.unref();
  }

  private async step(): Promise<number> {
    const { pingMs = PING_MS } = this.options;
    try {
      const client = this.client ?? (await this.connect());
      const sentAt = performance.now();
      const was = this.leading;
      const told = was ? await this.ping(client) : await this.ask(client);
      // Counted from the sending: a process stopped in between must not believe an old answer.
      this.answeredAt = sentAt;
      if (this.leading && !was) this.terms += 1;
      if (told) this.options.onWakeUp();
      return this.leading ? pingMs : RETRY_MS;
    } catch (error) {
      await this.drop();
      this.options.onError(toError(error));
      return RETRY_MS;
    }
  }

  /** Takes the lock if it is free. */
  private async ask(client: pg.Client): Promise<boolean> {
    const { rows } = await client.query<{ locked: boolean }>(
      `select pg_try_advisory_lock(hashtextextended($1, 0)) as locked`,
      [`regulars-relay-${this.options.schema}`],
    );
    this.leading = rows[0]?.locked === true;
    return this.leading;
  }

  /** Whether there may be rows. */
  private async ping(client: pg.Client): Promise<boolean> {
    const above = this.options.looksAbove();
    try {
      // Planned anew each time: what is right for an empty table is not for a full one.
      const { rowCount } = await client.query(
        above === undefined
          ? 'select'
          : `select from ${pg.escapeIdentifier(this.options.schema)}.outbox
             where sequence > ${String(above)} order by sequence limit 1`,
      );
      return above !== undefined && rowCount === 1;
    } catch (error) {
      // So many dead rows: an answer, too, and the look of the relay has more time.
      if ((error as { code?: unknown }).code === CUT_SHORT) return true;
      throw error;
    }
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.options.databaseUrl,
      application_name: `regulars-relay-${this.options.schema}`,
      options: '-c idle_session_timeout=10s -c statement_timeout=3s -c enable_seqscan=off',
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
    });
    client.on('error', (error) => {
      this.options.onError(error);
      void this.drop();
    });
    client.on('notification', () => {
      this.options.onWakeUp();
    });
    await client.connect();
    await client.query(`listen "${this.channel}"`);
    this.client = client;
    return client;
  }

  private async drop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.leading = false;
    await client?.end().catch(() => undefined);
  }
}
