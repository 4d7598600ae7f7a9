import { toError } from '@regulars/kernel';
import {
  LogUnavailable,
  RecordRefused,
  type EventLog,
  type EventProducer,
} from '@regulars/messaging';
import type { MetricsRegistry } from '@regulars/observability';
import type { Database } from '@regulars/persistence';
import { RelayLeader } from './relay-leader.js';
import { relayStore, type UnsentRow } from './relay-store.js';
import { wakeUps } from './wake-ups.js';

export interface RelayOptions {
  readonly database: Database;
  readonly log: EventLog;
  readonly metrics: MetricsRegistry;
  readonly onError: (error: Error) => void;
  readonly batchSize?: number;
  /** The fallback when a wake-up was lost. */
  readonly pollMs?: number;
}

/** Carries outbox rows to the log, in sequence order, at least once. One is active per service. */
export class Relay {
  private readonly store;
  private readonly leader: RelayLeader;
  private readonly published;
  private readonly failed;
  private producer: EventProducer | undefined;
  private wake: (() => void) | undefined;
  private woken = false;
  private sending = false;
  private stopping = false;
  private running: Promise<void> | undefined;

  constructor(private readonly options: RelayOptions) {
    const { database, metrics } = options;
    this.store = relayStore(database);
    this.published = metrics.counter(
      'regulars_outbox_published_total',
      'Rows that the log acknowledged.',
    );
    this.failed = metrics.counter(
      'regulars_outbox_failed_total',
      'Sends that failed and are tried again.',
    );
    const { url, schema } = database.options;
    this.leader = new RelayLeader({
      databaseUrl: url,
      schema,
      onWakeUp: () => {
        this.signal();
      },
      onError: options.onError,
    });
  }

  get isLeader(): boolean {
    return this.leader.isLeader;
  }

  start(): void {
    wakeUps.on(this.options.database.options.service, this.onCommit);
    this.leader.start();
    this.running = this.run();
  }

  /** Finishes the batch in flight, then gives leadership away. */
  async stop(): Promise<void> {
    this.stopping = true;
    wakeUps.off(this.options.database.options.service, this.onCommit);
    this.signal();
    await this.running;
    await this.leader.stop();
    await this.producer?.close();
  }

  /** Whether rows are on their way, or somebody said that there are some. */
  get busy(): boolean {
    return this.woken || this.sending;
  }

  /** Whether nothing is waiting: for the simulated clock and for tests. */
  async idle(): Promise<boolean> {
    return this.store.isEmpty();
  }

  private readonly onCommit = (): void => {
    if (this.leader.isLeader) this.signal();
    else void this.leader.notifyLeader();
  };

  private signal(): void {
    this.woken = true;
    this.wake?.();
  }

  private async run(): Promise<void> {
    let outages = 0;
    while (!this.stopping) {
      this.woken = false;
      try {
        this.sending = true;
        const full = this.leader.isLeader && (await this.relayBatch());
        this.sending = false;
        outages = 0;
        if (!full) await this.sleep(this.options.pollMs ?? 500);
      } catch (error) {
        this.sending = false;
        this.failed.inc();
        this.options.onError(toError(error));
        this.woken = false;
        await this.sleep(Math.min(5_000, 100 * 2 ** outages));
        outages = Math.min(outages + 1, 10);
      }
    }
  }

  /** Whether the batch was full: there may be more. */
  private async relayBatch(): Promise<boolean> {
    const { batchSize = 500 } = this.options;
    const rows = await this.store.readUnsent(batchSize);
    if (rows.length > 0) await this.publish(rows);
    return rows.length === batchSize;
  }

  /** A record that the log refuses is found by halving and set aside; everything before it has gone out. */
  private async publish(rows: readonly UnsentRow[]): Promise<void> {
    // Asked right before each send: a process that was stopped meanwhile must not go on with an old reading.
    if (!this.leader.isLeader) throw new LogUnavailable('This relay does not lead any more.');
    this.producer ??= await this.options.log.producer();
    try {
      await this.producer.send(rows.map(({ record }) => record));
    } catch (error) {
      if (!(error instanceof RecordRefused)) throw error;
      const [first] = rows;
      if (rows.length === 1 && first) {
        await this.store.setAside(first.sequence, error.code);
        return;
      }
      const middle = Math.ceil(rows.length / 2);
      await this.publish(rows.slice(0, middle));
      await this.publish(rows.slice(middle));
      return;
    }
    await this.store.removeSent(rows.map(({ sequence }) => sequence));
    this.published.inc(rows.length);
  }

  private async sleep(ms: number): Promise<void> {
    if (this.woken || this.stopping) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = undefined;
  }
}
