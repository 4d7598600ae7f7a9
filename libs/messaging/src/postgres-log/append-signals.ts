import { EventEmitter } from 'node:events';
import pg from 'pg';

export interface NewEnd {
  readonly topicId: number;
  readonly partition: number;
  readonly end: bigint;
}

interface Events {
  /** Partitions that grew. */
  ends: [readonly NewEnd[]];
  /** Something may have grown: look at everything. */
  unsure: [];
}

const RETRY_MS = 1_000;

/**
 * Tells the consumers of this process at once that something was appended, over one connection for all. A hint:
 * while the connection is away, they find records by looking.
 */
export class AppendSignals extends EventEmitter<Events> {
  private client: pg.Client | undefined;
  private listening = false;
  private retry: NodeJS.Timeout | undefined;
  private state: 'new' | 'listening' | 'closed' = 'new';

  constructor(
    private readonly databaseUrl: string,
    private readonly channel: string,
  ) {
    super();
    this.setMaxListeners(0);
  }

  /** Whether appends are told; when not, look for them. */
  get live(): boolean {
    return this.listening;
  }

  start(): void {
    if (this.state !== 'new') return;
    this.state = 'listening';
    void this.connect();
  }

  async close(): Promise<void> {
    this.state = 'closed';
    clearTimeout(this.retry);
    await this.drop();
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.databaseUrl,
      application_name: `${this.channel}-signals`,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    client.on('notification', ({ payload }) => {
      if (payload) this.emit('ends', payload.split(',').map(toNewEnd));
      else this.emit('unsure');
    });
    const again = (): void => {
      if (this.client !== client) return;
      void this.drop();
      if (this.state !== 'listening') return;
      this.retry = setTimeout(() => void this.connect(), RETRY_MS);
      this.retry.unref();
    };
    client.on('error', again);
    client.on('end', again);
    this.client = client;
    try {
      await client.connect();
      await client.query(`listen "${this.channel}"`);
      this.listening = true;
      // What came before we listened.
      this.emit('unsure');
    } catch {
      // Postgres is away. Consumers meet that themselves and say so; here only the hint is late.
      again();
    }
  }

  private async drop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.listening = false;
    await client?.end().catch(() => undefined);
  }
}

function toNewEnd(text: string): NewEnd {
  const [topicId, partition, end] = text.split(':');
  return { topicId: Number(topicId), partition: Number(partition), end: BigInt(end ?? 0) };
}
