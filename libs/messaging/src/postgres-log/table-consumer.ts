import { setTimeout as pause } from 'node:timers/promises';
import { toError } from '@regulars/kernel';
import { classOf } from '../error-class.js';
import { within } from '../within.js';
import type { BatchConsumer, ConsumerOptions, TopicPartition } from '../event-log.js';
import type { AppendSignals } from './append-signals.js';
import { startingPoints } from './assignment.js';
import { GroupLock } from './group-lock.js';
import { GroupProgress } from './group-progress.js';
import type { JoinedRanges } from './joined-ranges.js';
import type { LogDatabase } from './log-database.js';
import type { Wanted } from './log-store.js';
import type { SharedReader } from './shared-reader.js';
import { Tenure } from './tenure.js';

export interface TableConsumerLog {
  readonly database: LogDatabase;
  readonly signals: AppendSignals;
  readonly ranges: JoinedRanges;
  readonly reader: SharedReader;
  readonly databaseUrl: string;
  readonly schema: string;
  /** How long a close waits for the batches in work. */
  readonly closeGraceMs: number;
}

const MAX_RECORDS = 500;
const MAX_BYTES = 4_194_304;
/** How soon a standby takes over, and how soon the log is tried again when it was away. */
const RETRY_MS = 500;

/** One member of a group. The one that holds the group's lock reads all partitions, the others stand by. */
export class TableConsumer implements BatchConsumer {
  private readonly joined = Promise.withResolvers<undefined>();
  private readonly closing = new AbortController();
  private readonly lock: GroupLock;
  private running: Promise<void> | undefined;
  private tenure: Tenure | undefined;
  private assigned: readonly TopicPartition[] = [];
  private polledAt = new Date();

  constructor(
    private readonly options: ConsumerOptions,
    private readonly log: TableConsumerLog,
  ) {
    const name = `${log.schema}-group-${options.group}`;
    this.lock = new GroupLock(log.databaseUrl, name, () => this.tenure?.end());
  }

  async start(): Promise<void> {
    this.log.signals.start();
    this.running ??= this.run();
    await this.joined.promise;
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.tenure?.end();
    if (!this.running || (await within(this.log.closeGraceMs, this.running))) return;
    // A handler that hangs: its transaction finds the partition taken away, should it ever end.
    await this.lock.release();
  }

  assignment(): readonly TopicPartition[] {
    return this.lock.owned ? this.assigned : [];
  }

  lastPollAt(): Date {
    return this.polledAt;
  }

  private get closed(): boolean {
    return this.closing.signal.aborted;
  }

  private async run(): Promise<void> {
    try {
      while (!this.closed) {
        if (!(await this.serve())) await this.wait();
      }
    } catch (error) {
      this.options.onFatal(toError(error));
    } finally {
      this.joined.resolve(undefined);
      await this.lock.release();
    }
  }

  /** One membership, from taking the lock to losing it. False: not now, try again later. */
  private async serve(): Promise<boolean> {
    // Trying is what shows that we live, also while the log is away or another member owns the group.
    this.polledAt = new Date();
    try {
      if (!(await this.lock.tryTake())) {
        this.joined.resolve(undefined);
        return false;
      }
      const partitions = await this.assign();
      if (!partitions) return false;
      await this.own(partitions);
      return true;
    } catch (error) {
      const kind = classOf(error);
      if (kind === 'fatal' || kind === 'poison') throw error;
      return false;
    } finally {
      this.assigned = [];
    }
  }

  private async own(partitions: readonly Wanted[]): Promise<void> {
    const { group, topics, maxRecords = MAX_RECORDS, maxBytes = MAX_BYTES } = this.options;
    const { database, signals, ranges, reader } = this.log;
    const progress = new GroupProgress((offsets) =>
      database.use((store) => store.commitOffsets(group, offsets)),
    );
    this.tenure = new Tenure({
      consumer: this.options,
      signals,
      partitions,
      fetch: (wanted) => reader.fetch(wanted, { maxRecords, maxBytes }),
      ranges: () => ranges.of(topics),
      reached: (offset) => {
        progress.reached(offset);
      },
      polled: () => {
        this.polledAt = new Date();
      },
      owned: () => this.lock.owned && !this.closed,
    });
    this.joined.resolve(undefined);
    try {
      await this.tenure.run();
    } finally {
      this.tenure = undefined;
      // Before the lock frees: the next owner reads them.
      await progress.flush();
      await this.lock.release();
    }
  }

  /** All partitions with the offsets to begin at; undefined while a topic is still to be made. */
  private async assign(): Promise<readonly Wanted[] | undefined> {
    const { group, topics: names } = this.options;
    const topics = await this.log.database.topics(names);
    if (!names.every((name) => topics.has(name))) return undefined;
    const ranges = await this.log.database.use((store) => store.ranges(names));
    const committed = await this.log.database.use((store) => store.groupOffsets(group, names));
    const assigned = ranges.map(({ topic, partition }) => ({ topic, partition }));
    const stored = await this.options.storedOffsets(assigned);
    this.assigned = assigned;
    return startingPoints({ topics, ranges, committed, stored });
  }

  private async wait(): Promise<void> {
    // Rejects only when closing, and then there is nothing to wait for.
    await pause(RETRY_MS, undefined, { signal: this.closing.signal }).catch(() => undefined);
  }
}
