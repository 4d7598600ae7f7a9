import type { Sql } from '@regulars/persistence';

/** The log behind a port (docs/ARCHITECTURE.md): `kafka` and `postgres-log` are its adapters, and services can't tell which one runs. */

export interface OutgoingRecord {
  readonly topic: string;
  readonly key: Uint8Array | null;
  /** null = tombstone. */
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, Uint8Array>>;
}

export interface LogRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, Uint8Array>>;
  /** When the log took it. */
  readonly timestamp: Date;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** `offset` of the next record to read. */
export interface PartitionOffset extends TopicPartition {
  readonly offset: bigint;
}

/** What was read of a partition outside of any group. */
export interface Stretch {
  readonly records: readonly LogRecord[];
  /** Where to read on. */
  readonly nextOffset: bigint;
  /** What can be read ends before this. */
  readonly end: bigint;
}

/** Consecutive records of one partition; offsets may have gaps (compaction, transaction markers). */
export interface RecordBatch extends TopicPartition {
  readonly records: readonly LogRecord[];
  /** The offset after the batch, gaps at its end included. */
  readonly nextOffset: bigint;
  /** False once the partition was taken away or the consumer closes: stop before the next transaction. */
  isOwned(): boolean;
  /** Tells the group that we are alive; call between chunks of long work. */
  heartbeat(): Promise<void>;
}

export interface EventProducer {
  /**
   * Appends in order, per partition (murmur2 of the key, 12 partitions). Resolves when every record is durable
   * (Kafka: acks=all, idempotent; table: committed). Rejects with {@link LogUnavailable} (nothing or a part was
   * written: send again from the first one) or {@link RecordRefused} (never send it again).
   */
  send(records: readonly OutgoingRecord[]): Promise<void>;
  /** Waits for sends in flight. Later sends reject. Idempotent. */
  close(): Promise<void>;
}

/** A row of an outbox, as a log that takes it over without reading it must know it. */
export interface OutboxRow {
  readonly sequence: number;
  readonly epoch: number;
  readonly topic: string;
  readonly key: Uint8Array | null;
  /** Bytes of what stands in the row. */
  readonly size: number;
}

/** Moves rows from an outbox to a log whose tables lie in the same database, so that they never leave it. */
export interface RowMover {
  /** The database that it can move rows in. */
  readonly databaseUrl: string;
  /**
   * Appends in order, as {@link EventProducer.send} does, and removes what it appended from the outbox: one statement, both
   * or neither. `removing` is how that statement begins: a CTE `removed` deletes the rows and returns `sequence`, `epoch`,
   * `id`, `key`, `type`, `version`, `trace` and `value` of those that were still there. Rejects with {@link LogUnavailable}
   * (nothing was moved) or {@link RecordRefused} (nothing was moved: send them, one of them may be one for ever to refuse).
   */
  move(rows: readonly OutboxRow[], removing: Sql): Promise<void>;
}

/** What a relay writes with while it leads. */
export interface RelayProducers {
  readonly keep: EventProducer;
  /** For compacted topics: each send is one transaction, whole or not at all, resolved when it has committed. */
  readonly compact: EventProducer;
  /** Where the log lies in a database; otherwise, and for what it refuses, there is the sending. */
  readonly mover?: RowMover;
}

export interface ConsumerOptions {
  readonly group: string;
  readonly topics: readonly string[];
  /** At most so many records in a batch (default 500). */
  readonly maxRecords?: number;
  readonly maxBytes?: number;
  /** A trickle is handed on after this time at the latest (default 200 ms). */
  readonly maxWaitMs?: number;
  /**
   * Works a batch off, transaction and stored offset included, and resolves with the offset it reached: the one to
   * commit to the broker. That is `nextOffset`, or less when it stopped early because the batch is no longer owned.
   * It retries by itself: a rejection is fatal for the consumer.
   */
  onBatch(batch: RecordBatch): Promise<bigint>;
  /**
   * The same for batches of one topic, of different partitions: an adapter that finds several small ones at once
   * hands them over together. Resolves with the offset reached of each.
   */
  onBatches?(batches: readonly RecordBatch[]): Promise<readonly bigint[]>;
  /**
   * Asked at every assignment, before any record of those partitions is handed out: the stored offsets. The
   * adapter seeks every partition whose broker position differs from a stored one that is lower, or that has no
   * row (= the log's beginning).
   */
  storedOffsets(assigned: readonly TopicPartition[]): Promise<readonly PartitionOffset[]>;
  /** The consumer is dead and will not recover: exit the process. */
  readonly onFatal: (error: Error) => void;
}

export interface BatchConsumer {
  /** Joins the group and starts fetching; resolves when joined. Waits while the log is unavailable. */
  start(): Promise<void>;
  /** Stops fetching, lets the current batch finish, commits, leaves. Idempotent, also when called twice at once. */
  close(): Promise<void>;
  /** Partitions this member owns now. */
  assignment(): readonly TopicPartition[];
  /** When something was last fetched or polled, also an empty answer: the watchdog's evidence. */
  lastPollAt(): Date;
}

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  readonly cleanup: 'keep' | 'compact';
  readonly retentionMs?: number;
  readonly maxCompactionLagMs?: number;
  readonly maxMessageBytes?: number;
}

/** What an adapter can do; a conformance test that needs an absent one is skipped and says so. */
export interface LogFeatures {
  readonly severalMembersPerGroup: boolean;
  readonly brokerRestart: boolean;
  readonly compaction: boolean;
  /** Compacts only what a later append has closed: quiet compacted topics need heartbeats. */
  readonly heartbeats: boolean;
}

export interface EventLog {
  readonly features: LogFeatures;
  /** Makes what is missing and leaves what is there. Waits (alive) while the log is unavailable. */
  ensureTopics(topics: readonly TopicSpec[]): Promise<void>;
  producer(): Promise<EventProducer>;
  /**
   * Fences every earlier owner of this name out of the compacted topics: its sends reject with {@link Fenced} from here
   * on. Take over before reading what is to be sent. One producer may stand for both kinds.
   */
  takeOver(name: string): Promise<RelayProducers>;
  consumer(options: ConsumerOptions): BatchConsumer;
  /**
   * Looks at records from an offset on, committed ones only; nobody's progress changes. An offset before the log's
   * beginning reads from there.
   */
  read(from: PartitionOffset): Promise<Stretch>;
  /** The offset after the last record of every partition. */
  endOffsets(topics: readonly string[]): Promise<readonly PartitionOffset[]>;
  close(): Promise<void>;
}
