import { partitionOf } from '../partitioner.js';
import { pairOf, type Pair } from '../event-pair.js';
import { LogUnavailable, RecordRefused } from '../errors.js';
import type { EventProducer, OutgoingRecord } from '../event-log.js';
import type { Append, LogTopic } from './log-store.js';
import { latestOfCompacted } from './latest-of-compacted.js';
import { asBuffer, encodeHeaders, sizeOf } from './record-codec.js';

export interface TableProducerOptions {
  topics(names: readonly string[]): Promise<ReadonlyMap<string, LogTopic>>;
  append(records: readonly Append[]): Promise<void>;
}

interface Addressed {
  readonly topic: LogTopic;
  readonly key: Uint8Array | null;
  readonly pair: Pair | undefined;
  readonly record: OutgoingRecord;
}

/** Appends one send after the other, each in one transaction: whole or not at all. */
export class TableProducer implements EventProducer {
  private last: Promise<unknown> = Promise.resolve();
  private closed = false;

  constructor(private readonly options: TableProducerOptions) {}

  async send(records: readonly OutgoingRecord[]): Promise<void> {
    if (this.closed) throw new LogUnavailable('The producer is closed.');
    const before = this.last;
    // Two sends at once must not overtake one another on their connections.
    const sent = before.then(() => this.append(records));
    this.last = sent.catch(() => undefined);
    await sent;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.last;
  }

  private async append(records: readonly OutgoingRecord[]): Promise<void> {
    if (records.length === 0) return;
    const topics = await this.options.topics([...new Set(records.map(({ topic }) => topic))]);
    const addressed = records.map((record): Addressed => {
      const topic = topics.get(record.topic);
      if (!topic) throw new LogUnavailable(`There is no topic ${record.topic} yet.`);
      refuseUnfit(record, topic);
      return { topic, key: record.key, pair: pairOf(record), record };
    });
    await this.options.append(latestOfCompacted(addressed).map(toAppend));
  }
}

function refuseUnfit(record: OutgoingRecord, topic: LogTopic): void {
  if (topic.compact && record.key === null) {
    throw new RecordRefused(
      `${topic.name} keeps the latest record per key and takes none without.`,
    );
  }
  const size = sizeOf(record);
  if (size > topic.maxMessageBytes) {
    throw new RecordRefused(
      `A record of ${String(size)} bytes: ${topic.name} takes at most ${String(topic.maxMessageBytes)}.`,
    );
  }
}

function toAppend({ topic, pair, record }: Addressed): Append {
  return {
    topicId: topic.id,
    partition: partitionOf(record.key, topic.partitions),
    key: record.key && asBuffer(record.key),
    value: record.value && asBuffer(record.value),
    headers: encodeHeaders(record.headers),
    epoch: pair?.epoch,
    sequence: pair?.sequence,
  };
}
