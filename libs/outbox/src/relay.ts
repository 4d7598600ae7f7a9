import { topicByName, topics } from '@regulars/contracts';
import { toError } from '@regulars/kernel';
import {
  Fenced,
  heartbeats,
  LogUnavailable,
  RecordRefused,
  type EventProducer,
  type RelayProducers,
} from '@regulars/messaging';
import { LogIsAhead, refuseNewerLog } from './log-fence.js';
import { RelayLeader } from './relay-leader.js';
import type { RelayOptions } from './relay-options.js';
import { PassedMark } from './passed-mark.js';
import { relayStore, type UnsentRow } from './relay-store.js';
import { wakeUps } from './wake-ups.js';

const BATCH = 500;
/** A twelfth of the time in which compaction is promised. */
const HEARTBEAT_MS = 2 * 3_600_000;
/** Unasked it looks so often at least, and sees whether the heartbeat is due. */
const LONGEST_SLEEP_MS = 60_000;

const POLL_SECONDS = [
  0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1, 5,
];

/** What one term of leadership writes with. */
interface Lead {
  readonly term: number;
  readonly producers: RelayProducers;
  readonly passed: PassedMark;
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
  private readonly polled;
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
    this.polled = metrics.histogram(
      'regulars_outbox_poll_seconds',
      'What a look at the unsent rows took.',
      POLL_SECONDS,
    );
    const { url, schema } = database.options;
    this.leader = new RelayLeader({
      databaseUrl: url,
      schema,
      ...(options.pollMs === undefined ? {} : { pingMs: options.pollMs }),
      looksAbove: () => (this.busy ? undefined : this.passed),
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

  /** Below this sequence nothing waits; 0 while another process leads. */
  get passed(): number {
    return this.lead?.passed.value ?? 0;
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
        const { batchSize = BATCH, gatherMs = 0, heartbeatMs = HEARTBEAT_MS } = this.options;
        const rows = this.leader.isLeader ? await this.relayBatch(batchSize) : 0;
        this.sending = false;
        outages = 0;
        if (this.leader.isLeader) this.refused = undefined;
        // A full batch: there may be more.
        if (rows === batchSize) continue;
        if (rows > 0 && gatherMs > 0) await this.sleep(gatherMs, 'deaf');
        await this.sleep(Math.min(heartbeatMs, LONGEST_SLEEP_MS));
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

  /** How many rows there were. */
  private async relayBatch(batchSize: number): Promise<number> {
    try {
      const lead = await this.takeOver();
      await this.beat(lead.producers.compact);
      const rows =
        (await this.moveBatch(lead, batchSize)) ?? (await this.publishBatch(lead, batchSize));
      await lead.passed.sentMore(rows);
      return rows;
    } catch (error) {
      await this.endLead();
      this.refused = error instanceof LogIsAhead ? error : undefined;
      if (error instanceof Fenced) await this.leader.resign();
      throw error;
    }
  }

  /** Within the database, where the log lies in it too; undefined: not these rows, or not at all. */
  private async moveBatch(
    { producers: { mover }, passed }: Lead,
    batchSize: number,
  ): Promise<number | undefined> {
    if (mover?.databaseUrl !== this.options.database.options.url) return undefined;
    const rows = await this.look(() => this.store.readMovable(batchSize, passed.value));
    if (rows.length === 0) return 0;
    if (!rows.every(({ plain }) => plain)) return undefined;
    this.mustLead();
    try {
      await mover.move(rows, this.store.removing(rows));
    } catch (error) {
      if (error instanceof RecordRefused) return undefined;
      throw error;
    }
    this.published.inc(rows.length);
    return rows.length;
  }

  private async publishBatch(
    { producers: { keep, compact }, passed }: Lead,
    batchSize: number,
  ): Promise<number> {
    const rows = await this.look(() => this.store.readUnsent(batchSize, passed.value));
    const parts = Map.groupBy(rows, ({ record }) =>
      topicByName(record.topic)?.cleanup === 'compact' ? compact : keep,
    );
    const sent = await Promise.allSettled(
      [...parts].map(([producer, part]) => this.publish(producer, part)),
    );
    for (const outcome of sent) if (outcome.status === 'rejected') throw outcome.reason;
    return rows.length;
  }

  private async look<Row>(read: () => Promise<Row[]>): Promise<Row[]> {
    const stop = this.polled.startTimer();
    const rows = await read();
    stop();
    return rows;
  }

  /** Asked right before rows leave: a process that was stopped meanwhile must not go on with an old reading. */
  private mustLead(): void {
    if (!this.leader.isLeader) throw new LogUnavailable('This relay does not lead any more.');
  }

  /** Fences whoever led before, once per term and again after every failure: rows are read only after that. */
  private async takeOver(): Promise<Lead> {
    const { term } = this.leader;
    if (this.lead?.term !== term) {
      await this.endLead();
      const { log, database } = this.options;
      const producers = await log.takeOver(`regulars-relay-${database.options.schema}`);
      this.lead = { term, producers, passed: new PassedMark(database) };
      await refuseNewerLog(database, log);
    }
    return this.lead;
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
    this.mustLead();
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

  /** Until somebody wakes us; deaf to all but the stop. */
  private async sleep(ms: number, deaf?: 'deaf'): Promise<void> {
    if (this.stopping || (this.woken && !deaf)) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        if (deaf && !this.stopping) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = undefined;
  }
}
