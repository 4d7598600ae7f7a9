import { topicByName, topics } from '@regulars/contracts';
import { toError } from '@regulars/kernel';
import {
  Fenced,
  heartbeats,
  LogUnavailable,
  RecordRefused,
  type EventLog,
  type EventProducer,
  type RelayProducers,
} from '@regulars/messaging';
import type { MetricsRegistry } from '@regulars/observability';
import type { Database } from '@regulars/persistence';
import { LogIsAhead, refuseNewerLog } from './log-fence.js';
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
  /** How often every partition of a compacted topic gets a record at least. */
  readonly heartbeatMs?: number;
}

/** A twelfth of the time in which compaction is promised. */
const HEARTBEAT_MS = 2 * 3_600_000;

/** What one term of leadership writes with. */
interface Lead {
  readonly term: number;
  readonly producers: RelayProducers;
}

/**
 * Carries outbox rows to the log, in sequence order, at least once. One is active per service. The order of a take-over
 * is what keeps a paused old leader from putting an old profile back after its tombstone: the lock, then the fence,
 * only then the first reading of rows.
 */
export class Relay {
  private readonly store;
  private readonly leader: RelayLeader;
  private readonly published;
  private readonly failed;
  private beatenAt = -Infinity;
  private refused: LogIsAhead | undefined;
  private lead: Lead | undefined;
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
    await this.endLead();
  }

  /** Why nothing is published and waiting does not help; readiness hangs on it. */
  get refusal(): string | undefined {
    return this.refused?.message;
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
        if (this.leader.isLeader) this.refused = undefined;
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
    try {
      const { keep, compact } = await this.takeOver();
      await this.beat(compact);
      const rows = await this.store.readUnsent(batchSize);
      const parts = Map.groupBy(rows, ({ record }) =>
        topicByName(record.topic)?.cleanup === 'compact' ? compact : keep,
      );
      const sent = await Promise.allSettled(
        [...parts].map(([producer, part]) => this.publish(producer, part)),
      );
      for (const outcome of sent) if (outcome.status === 'rejected') throw outcome.reason;
      return rows.length === batchSize;
    } catch (error) {
      await this.endLead();
      this.refused = error instanceof LogIsAhead ? error : undefined;
      if (error instanceof Fenced) await this.leader.resign();
      throw error;
    }
  }

  /** Fences whoever led before, once per term and again after every failure: rows are read only after that. */
  private async takeOver(): Promise<RelayProducers> {
    const { term } = this.leader;
    if (this.lead?.term !== term) {
      await this.endLead();
      const { log, database } = this.options;
      const producers = await log.takeOver(`regulars-relay-${database.options.schema}`);
      this.lead = { term, producers };
      await refuseNewerLog(database, log);
    }
    return this.lead.producers;
  }

  /** Keeps the compacted topics of this service rolling while nobody writes to them. */
  private async beat(producer: EventProducer): Promise<void> {
    const { log, database, heartbeatMs = HEARTBEAT_MS } = this.options;
    if (!log.features.heartbeats || performance.now() - this.beatenAt < heartbeatMs) return;
    const own = Object.values(topics).filter(
      ({ cleanup, producer: by }) => cleanup === 'compact' && by === database.options.service,
    );
    await producer.send(own.flatMap(({ name }) => heartbeats(name)));
    this.beatenAt = performance.now();
  }

  private async endLead(): Promise<void> {
    const producers = this.lead?.producers;
    this.lead = undefined;
    await producers?.keep.close();
    await producers?.compact.close();
  }

  /** A record that the log refuses is found by halving and set aside; everything before it has gone out. */
  private async publish(producer: EventProducer, rows: readonly UnsentRow[]): Promise<void> {
    // Asked right before each send: a process that was stopped meanwhile must not go on with an old reading.
    if (!this.leader.isLeader) throw new LogUnavailable('This relay does not lead any more.');
    try {
      await producer.send(rows.map(({ record }) => record));
    } catch (error) {
      if (!(error instanceof RecordRefused)) throw error;
      const [first] = rows;
      if (rows.length === 1 && first) {
        await this.store.setAside(first.sequence, error.code);
        return;
      }
      const middle = Math.ceil(rows.length / 2);
      await this.publish(producer, rows.slice(0, middle));
      await this.publish(producer, rows.slice(middle));
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
