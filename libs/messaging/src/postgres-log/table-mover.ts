import type { Sql } from '@regulars/persistence';
import { LogUnavailable, RecordRefused } from '../errors.js';
import type { OutboxRow, RowMover } from '../event-log.js';
import { partitionOf } from '../partitioner.js';
import { latestOfCompacted } from './latest-of-compacted.js';
import type { LogTopic, Place } from './log-store.js';

export interface TableMoverOptions {
  readonly databaseUrl: string;
  topics(names: readonly string[]): Promise<ReadonlyMap<string, LogTopic>>;
  appendRemoved(removing: Sql, places: readonly Place[]): Promise<void>;
}

/** Headers have names, and numbers of known length. */
const MOST_HEADER_BYTES = 200;

/** Rows go from one table to the other; of their content only the key comes here, for its partition. */
export class TableMover implements RowMover {
  constructor(private readonly options: TableMoverOptions) {}

  get databaseUrl(): string {
    return this.options.databaseUrl;
  }

  async move(rows: readonly OutboxRow[], removing: Sql): Promise<void> {
    const topics = await this.options.topics([...new Set(rows.map(({ topic }) => topic))]);
    const addressed = rows.map((row) => {
      const topic = topics.get(row.topic);
      if (!topic) throw new LogUnavailable(`There is no topic ${row.topic} yet.`);
      refuseDoubtful(row, topic);
      const { key, sequence, epoch } = row;
      return { topic, key, sequence, pair: { epoch: BigInt(epoch), sequence: BigInt(sequence) } };
    });
    const places = latestOfCompacted(addressed).map(({ topic, key, sequence }) => ({
      sequence,
      topicId: topic.id,
      partition: partitionOf(key, topic.partitions),
    }));
    await this.options.appendRemoved(removing, places);
  }
}

/** Whether it is really too large, the sending finds out. */
function refuseDoubtful({ key, size }: OutboxRow, topic: LogTopic): void {
  const keyless = topic.compact && key === null;
  if (keyless || size + MOST_HEADER_BYTES > topic.maxMessageBytes)
    throw new RecordRefused(`A row that ${topic.name} may not take.`);
}
