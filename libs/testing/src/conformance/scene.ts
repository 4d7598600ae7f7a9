import { randomBytes } from 'node:crypto';
import {
  LogUnavailable,
  type BatchConsumer,
  type ConsumerOptions,
  type EventLog,
  type EventProducer,
  type LogRecord,
  type OutgoingRecord,
  type RecordBatch,
  type RelayProducers,
} from '@regulars/messaging';
import type { LogProvider } from './provider.js';
import type { StoredOffsets } from './stored-offsets.js';

export const PARTITIONS = 12;

/** The world of one test: a topic of its own, named after it, and everything that must be closed at its end. */
export class Scene {
  readonly group: string;
  readonly topic: string;
  readonly log: EventLog;
  private readonly logs: EventLog[] = [];

  private constructor(
    readonly provider: LogProvider,
    testId: string,
  ) {
    const tag = `${testId.toLowerCase()}-${randomBytes(3).toString('hex')}`;
    this.topic = `conformance.${tag}`;
    this.group = `group-${tag}`;
    this.log = this.anotherLog();
  }

  static async set(provider: LogProvider, testId: string): Promise<Scene> {
    const scene = new Scene(provider, testId);
    await scene.log.ensureTopics([
      { name: scene.topic, partitions: PARTITIONS, cleanup: 'keep', maxMessageBytes: 1 << 20 },
    ]);
    return scene;
  }

  /** A topic beside {@link topic} that keeps the latest record of a key. */
  async compacted(maxCompactionLagMs = 86_400_000): Promise<string> {
    const name = `${this.topic}.compact`;
    await this.log.ensureTopics([
      { name, partitions: PARTITIONS, cleanup: 'compact', maxCompactionLagMs },
    ]);
    return name;
  }

  /** Everything that can be read of a topic now, partition by partition. */
  async everything(topic: string): Promise<LogRecord[]> {
    const all: LogRecord[] = [];
    for (let partition = 0; partition < PARTITIONS; partition += 1) {
      for (let offset = 0n; ;) {
        const at = { topic, partition, offset };
        const { records, nextOffset, end } = await untilItAnswers(() => this.log.read(at));
        all.push(...records);
        offset = nextOffset;
        if (offset >= end) break;
      }
    }
    return all;
  }

  takeOver(log = this.log): Promise<RelayProducers> {
    return untilItAnswers(() => log.takeOver(this.group));
  }

  /** As another process would have it. */
  anotherLog(closeGraceMs?: number): EventLog {
    const log = this.provider.createLog(closeGraceMs);
    this.logs.push(log);
    return log;
  }

  record(key: string | null, value: string | null = 'value'): OutgoingRecord {
    const text = (given: string | null) => (given === null ? null : Buffer.from(given));
    return { topic: this.topic, key: text(key), value: text(value), headers: {} };
  }

  async publish(records: readonly OutgoingRecord[]): Promise<void> {
    const producer = await this.log.producer();
    for (let at = 0; at < records.length; at += 1_000) {
      await producer.send(records.slice(at, at + 1_000));
    }
    await producer.close();
  }

  /** A member that keeps what it reads; its offsets are stored in `stored`, as a database would. */
  async reader(
    stored: StoredOffsets,
    given: Partial<ConsumerOptions> & { log?: EventLog } = {},
  ): Promise<Reader> {
    const reader = new Reader(given.log ?? this.log, stored, {
      group: this.group,
      topics: [this.topic],
      ...given,
    });
    await reader.consumer.start();
    return reader;
  }

  async end(): Promise<void> {
    await Promise.all(this.logs.splice(0).map((log) => log.close()));
  }
}

export class Reader {
  readonly records: LogRecord[] = [];
  readonly batches: RecordBatch[] = [];
  readonly fatal: Error[] = [];
  readonly consumer: BatchConsumer;

  constructor(
    log: EventLog,
    readonly stored: StoredOffsets,
    options: Pick<ConsumerOptions, 'group' | 'topics'> & Partial<ConsumerOptions>,
  ) {
    this.consumer = log.consumer({
      storedOffsets: () => Promise.resolve(stored.all()),
      onFatal: (error) => this.fatal.push(error),
      ...options,
      onBatch: async (batch) => {
        this.batches.push(batch);
        const reached = (await options.onBatch?.(batch)) ?? batch.nextOffset;
        this.records.push(...batch.records.filter(({ offset }) => offset < reached));
        stored.raise({ topic: batch.topic, partition: batch.partition, offset: reached });
        return reached;
      },
    });
  }

  values(): string[] {
    return this.records.map(({ value }) => Buffer.from(value ?? []).toString());
  }
}

/** Sends until the log has taken it, as a relay does. */
export async function insist(
  producer: EventProducer,
  records: readonly OutgoingRecord[],
): Promise<void> {
  await untilItAnswers(() => producer.send(records));
}

/** Asks again while the log is away, or has a new topic to make known and no time for it. */
async function untilItAnswers<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error;
    }
  }
}
