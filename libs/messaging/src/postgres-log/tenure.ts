import { IdlePause, toError } from '@regulars/kernel';
import { FatalConsumerError } from '../errors.js';
import type {
  ConsumerOptions,
  PartitionOffset,
  RecordBatch,
  TopicPartition,
} from '../event-log.js';
import type { AppendSignals, NewEnd } from './append-signals.js';
import type { Fetched, PartitionRange, Wanted } from './log-store.js';
import { outOfRange } from './out-of-range.js';
import type { WantedStretch } from './shared-reader.js';

export interface TenureOptions {
  readonly consumer: ConsumerOptions;
  readonly signals: AppendSignals;
  readonly partitions: readonly Wanted[];
  fetch(wanted: readonly WantedStretch[]): Promise<readonly Fetched[]>;
  ranges(): Promise<readonly PartitionRange[]>;
  /** Notes progress for the group; need not wait. */
  reached(offset: PartitionOffset): void;
  /** The log answered, also with nothing. */
  polled(): void;
  /** Whether the group's lock is still believed to be held. */
  owned(): boolean;
}

/** Batches of different partitions at once. */
const CONCURRENCY = 4;
/** Partitions per look; together with the size of a batch it bounds the memory. */
const FETCHED_AT_ONCE = 12;
/** While batches are in work, what comes gathers for so long before it is fetched: small batches cost like large ones. */
const GATHER_MS = 50;
/** Partitions of a topic that hold so little together share a transaction: it costs more than its rows. */
const JOINED_RECORDS = 500;
/** How often to look without being told: while listening only in case, ever more rarely; else because nobody tells. */
const POLL_LISTENING_MS = 1_000;
const LONGEST_POLL_MS = 4_000;
const POLL_DEAF_MS = 200;

interface Cursor extends Wanted {
  position: bigint;
  end: bigint;
  /** Its batch is fetched or being worked off; one at a time keeps the order. */
  busy: boolean;
}

interface Work {
  readonly cursor: Cursor;
  readonly batch: Fetched;
}

/** The time in which this member owns its group: reads all partitions, one batch each at a time, several in parallel. */
export class Tenure {
  private readonly cursors = new Map<string, Cursor>();
  /** With records ahead and not busy; the longest waiting first. */
  private readonly hungry = new Set<Cursor>();
  private readonly fetched: Work[] = [];
  private readonly working = new Set<Promise<void>>();
  private ended = false;
  private fatal: Error | undefined;
  private wakeUp: (() => void) | undefined;
  private woken = false;
  private unsure = true;
  private fetchedAt = -Infinity;
  private readonly pause = new IdlePause(POLL_LISTENING_MS, LONGEST_POLL_MS);

  constructor(private readonly options: TenureOptions) {
    for (const wanted of options.partitions) {
      const cursor = { ...wanted, end: wanted.position, busy: false };
      this.cursors.set(nameOf(wanted.topic.id, wanted.partition), cursor);
    }
  }

  /** Resolves after {@link end}, when the batches in work are done. Rejects when the log is away, or fatally. */
  async run(): Promise<void> {
    const { signals } = this.options;
    signals.on('ends', this.onEnds);
    signals.on('unsure', this.onUnsure);
    try {
      while (!this.over()) {
        this.woken = false;
        if (this.unsure) await this.lookAtEnds();
        else if (this.mayFetch) await this.fetchNext();
        this.startWork();
        if (!this.canGoOn()) await this.rest();
      }
    } finally {
      this.ended = true;
      signals.off('ends', this.onEnds);
      signals.off('unsure', this.onUnsure);
      await Promise.all(this.working);
    }
    if (this.fatal) throw this.fatal;
  }

  /** Hands out nothing more. */
  end(): void {
    this.ended = true;
    this.signal();
  }

  private over(): boolean {
    return this.ended || this.fatal !== undefined || !this.options.owned();
  }

  private get hasSlot(): boolean {
    return this.working.size < CONCURRENCY;
  }

  private canGoOn(): boolean {
    return this.hasSlot && (this.unsure || this.fetched.length > 0 || this.mayFetch);
  }

  private get mayFetch(): boolean {
    if (this.hungry.size === 0 || this.fetched.length > 0) return false;
    return this.working.size === 0 || this.gatheredMs >= GATHER_MS;
  }

  private get gatheredMs(): number {
    return performance.now() - this.fetchedAt;
  }

  private async lookAtEnds(): Promise<void> {
    this.unsure = false;
    const ranges = await this.options.ranges();
    this.notePoll();
    this.onEnds(ranges);
  }

  /** An answer is evidence of life only while there is something to ask for: handlers that hang must show. */
  private notePoll(): void {
    const cursors = [...this.cursors.values()];
    if (cursors.length === 0 || cursors.some(({ busy }) => !busy)) this.options.polled();
  }

  private async fetchNext(): Promise<void> {
    const wanted = [...this.hungry].slice(0, FETCHED_AT_ONCE);
    this.fetchedAt = performance.now();
    const found = await this.options.fetch(wanted);
    this.notePoll();
    for (const batch of found) {
      const cursor = wanted.find((one) => isOf(one, batch));
      if (cursor) this.take(cursor, batch);
    }
  }

  private take(cursor: Cursor, batch: Fetched): void {
    if (batch.end < cursor.position) throw outOfRange(batch, cursor.position);
    this.hungry.delete(cursor);
    if (batch.end > cursor.end) cursor.end = batch.end;
    if (batch.records.length === 0) {
      this.moveTo(cursor, batch.nextOffset);
      return;
    }
    cursor.busy = true;
    this.fetched.push({ cursor, batch });
  }

  private startWork(): void {
    while (this.hasSlot && !this.over()) {
      const next = this.nextWork();
      if (next.length === 0) return;
      const work = this.workOff(next).finally(() => {
        this.working.delete(work);
        this.signal();
      });
      this.working.add(work);
    }
  }

  /** The batch that was fetched first, joined by others of its topic while they are small. */
  private nextWork(): Work[] {
    const joined: Work[] = [];
    let records = 0;
    for (const work of [...this.fetched]) {
      const first = joined[0] ?? work;
      const fits = records + work.batch.records.length <= JOINED_RECORDS;
      if (work.batch.topic !== first.batch.topic || (joined.length > 0 && !fits)) continue;
      joined.push(work);
      records += work.batch.records.length;
      this.fetched.splice(this.fetched.indexOf(work), 1);
      if (!this.options.consumer.onBatches) break;
    }
    return joined;
  }

  private async workOff(work: readonly Work[]): Promise<void> {
    const batches = work.map(
      ({ batch: { topic, partition, records, nextOffset } }): RecordBatch => ({
        topic,
        partition,
        records,
        nextOffset,
        isOwned: () => !this.over(),
        heartbeat: () => Promise.resolve(),
      }),
    );
    try {
      const reached = await this.handOver(batches);
      work.forEach(({ cursor }, index) => {
        cursor.busy = false;
        this.moveTo(cursor, reached[index] ?? cursor.position);
      });
    } catch (error) {
      // Handlers retry by themselves; what they give up nobody may pass over.
      const names = batches.map(({ topic, partition }) => `${topic}/${String(partition)}`);
      this.fatal ??= new FatalConsumerError(
        `Working off ${names.join(', ')} failed for good: ${toError(error).message}`,
        error,
      );
    }
  }

  private async handOver(batches: readonly RecordBatch[]): Promise<readonly bigint[]> {
    const { consumer } = this.options;
    const [only] = batches;
    if (only && (batches.length === 1 || !consumer.onBatches))
      return [await consumer.onBatch(only)];
    return (await consumer.onBatches?.(batches)) ?? [];
  }

  private moveTo(cursor: Cursor, offset: bigint): void {
    cursor.position = offset;
    this.options.reached({ topic: cursor.topic.name, partition: cursor.partition, offset });
    if (cursor.position < cursor.end) this.hungry.add(cursor);
  }

  private readonly onEnds = (ends: readonly NewEnd[]): void => {
    for (const { topicId, partition, end } of ends) {
      const cursor = this.cursors.get(nameOf(topicId, partition));
      if (!cursor || end <= cursor.end) continue;
      cursor.end = end;
      if (!cursor.busy) this.hungry.add(cursor);
    }
    if (this.hungry.size === 0) return;
    this.pause.reset();
    this.signal();
  };

  private readonly onUnsure = (): void => {
    this.unsure = true;
    this.signal();
  };

  private readonly signal = (): void => {
    this.woken = true;
    this.wakeUp?.();
  };

  /** Until something is to be done. With all slots taken nothing is polled: handlers that hang must show. */
  private async rest(): Promise<void> {
    if (this.woken) return;
    await new Promise<void>((resolve) => {
      this.wakeUp = resolve;
      if (!this.hasSlot) return;
      const timer = this.hungry.size > 0 ? this.gathered() : this.nextPoll();
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wakeUp = undefined;
  }

  private gathered(): NodeJS.Timeout {
    return setTimeout(this.signal, Math.max(GATHER_MS - this.gatheredMs, 0) + 1);
  }

  private nextPoll(): NodeJS.Timeout {
    return setTimeout(this.onUnsure, this.options.signals.live ? this.pause.next() : POLL_DEAF_MS);
  }
}

const nameOf = (topicId: number, partition: number) => `${String(topicId)}:${String(partition)}`;

const isOf = (wanted: Wanted, at: TopicPartition) =>
  wanted.topic.name === at.topic && wanted.partition === at.partition;
