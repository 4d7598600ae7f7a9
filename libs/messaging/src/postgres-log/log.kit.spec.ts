import { afterEach, beforeEach } from '@jest/globals';
import { Database } from '@regulars/persistence';
import { dropSchema, testDatabaseUrl, testSchema } from '@regulars/testing';
import type {
  ConsumerOptions,
  EventLog,
  LogRecord,
  OutgoingRecord,
  PartitionOffset,
  RecordBatch,
} from '../event-log.js';
import { createPostgresLog } from './index.js';

export const keptTopic = { name: 'kept', partitions: 12, cleanup: 'keep' } as const;
const compacted = { name: 'compacted', partitions: 12, cleanup: 'compact' } as const;

/** A log of its own for each test, with the topics `kept` and `compacted`, and a look behind it by SQL. */
export class LogKit {
  schema: string;
  log: EventLog;
  admin: Database;
  private readonly logs: EventLog[] = [];

  constructor() {
    beforeEach(async () => {
      this.schema = testSchema();
      this.log = this.aLog();
      await this.log.ensureTopics([keptTopic, compacted]);
      const url = testDatabaseUrl();
      this.admin = await Database.connect({ url, schema: this.schema, service: 'test' });
    });
    afterEach(async () => {
      await Promise.all(this.logs.splice(0).map((one) => one.close()));
      await this.admin.close();
      await dropSchema(this.schema);
    });
  }

  /** As another process would have it. */
  aLog(): EventLog {
    const made = createPostgresLog({ databaseUrl: testDatabaseUrl(), schema: this.schema });
    this.logs.push(made);
    return made;
  }

  /** A consumer that keeps its stored offsets in `stored`, as a service keeps them in its database. */
  aConsumer(on: EventLog, options: Partial<ConsumerOptions> = {}) {
    const seen: LogRecord[] = [];
    const batches: RecordBatch[] = [];
    const stored = new Map<string, PartitionOffset>();
    const fatal: Error[] = [];
    const consumer = on.consumer({
      group: 'group',
      topics: ['kept'],
      onBatch: (batch) => {
        batches.push(batch);
        seen.push(...batch.records);
        const { topic, partition, nextOffset: offset } = batch;
        stored.set(`${topic}/${String(partition)}`, { topic, partition, offset });
        return Promise.resolve(offset);
      },
      storedOffsets: () => Promise.resolve([...stored.values()]),
      onFatal: (error) => fatal.push(error),
      ...options,
    });
    return { consumer, seen, batches, stored, fatal, values: () => seen.map(textOf) };
  }
}

export function aRecord(
  key: string,
  value: string | null,
  { topic = 'kept', pair }: { topic?: string; pair?: [number, number] } = {},
): OutgoingRecord {
  const headers = pair && { epoch: bytes(String(pair[0])), sequence: bytes(String(pair[1])) };
  return {
    topic,
    key: bytes(key),
    value: value === null ? null : bytes(value),
    headers: headers ?? {},
  };
}

export const bytes = (text: string) => Buffer.from(text);
export const textOf = ({ value }: LogRecord) => Buffer.from(value ?? []).toString();
export const keyOf = ({ key }: LogRecord) => Buffer.from(key ?? []).toString();
