import type { MetricsRegistry } from '@regulars/observability';
import type {
  BatchConsumer,
  ConsumerOptions,
  EventLog,
  EventProducer,
  PartitionOffset,
  RelayProducers,
  RowMover,
  Stretch,
  TopicSpec,
} from '../event-log.js';
import { LogUnavailable } from '../errors.js';
import { AppendSignals } from './append-signals.js';
import { sweep, sweepEveryMs } from './housekeeping.js';
import { JoinedRanges } from './joined-ranges.js';
import { LogDatabase } from './log-database.js';
import { SharedReader } from './shared-reader.js';
import { TableConsumer } from './table-consumer.js';
import { TableMover } from './table-mover.js';
import { TableProducer } from './table-producer.js';

export interface PostgresLogOptions {
  readonly databaseUrl: string;
  /** Made when missing (default `regulars_log`); every process of a deployment names the same. */
  readonly schema?: string;
  readonly metrics?: MetricsRegistry;
  /** How long a close waits for batches in work (default 15 s). */
  readonly closeGraceMs?: number;
}

const READ_RECORDS = 500;
const READ_BYTES = 1 << 20;

/** The log as tables: for standalone, where one process needs no broker. Connects at the first use. */
export function createPostgresLog(options: PostgresLogOptions): EventLog {
  return new PostgresLog(options);
}

class PostgresLog implements EventLog {
  readonly features = {
    severalMembersPerGroup: false,
    brokerRestart: true,
    compaction: true,
    heartbeats: false,
  };
  private readonly schema: string;
  private readonly database: LogDatabase;
  private readonly signals: AppendSignals;
  private readonly ranges: JoinedRanges;
  private readonly reader: SharedReader;
  private readonly open = new Set<EventProducer | BatchConsumer>();
  private readonly appended;
  private sweeping: NodeJS.Timeout | undefined;
  private closing: Promise<void> | undefined;

  constructor(private readonly options: PostgresLogOptions) {
    this.schema = options.schema ?? 'regulars_log';
    this.database = new LogDatabase({ url: options.databaseUrl, schema: this.schema });
    this.signals = new AppendSignals(options.databaseUrl, this.schema);
    this.ranges = new JoinedRanges((names) => this.database.use((store) => store.ranges(names)));
    this.reader = new SharedReader((wanted, { maxRecords, maxBytes }) =>
      this.database.use((store) => store.fetch(wanted, maxRecords, maxBytes)),
    );
    this.appended = options.metrics?.counter(
      'regulars_log_appended_total',
      'Records appended to the log in Postgres.',
    );
  }

  async ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    await this.database.insist((store) => store.makeTopics(topics));
    this.sweeping ??= await this.startSweeping();
  }

  async producer(): Promise<EventProducer> {
    const producer = new TableProducer({
      topics: (names) => this.database.topics(names),
      append: async (records) => {
        await this.database.use((store) => store.append(records));
        this.appended?.inc(records.length);
      },
    });
    this.open.add(producer);
    return Promise.resolve(producer);
  }

  /** The tables fence by themselves: an append that is not newer than its key's last is dropped. */
  async takeOver(): Promise<RelayProducers> {
    const producer = await this.producer();
    return { keep: producer, compact: producer, mover: this.mover() };
  }

  private mover(): RowMover {
    return new TableMover({
      databaseUrl: this.options.databaseUrl,
      topics: (names) => this.database.topics(names),
      appendRemoved: async (removing, places) => {
        await this.database.use((store) => store.appendRemoved(removing, places));
        this.appended?.inc(places.length);
      },
    });
  }

  consumer(options: ConsumerOptions): BatchConsumer {
    const { database, signals, ranges, reader, schema } = this;
    const { databaseUrl, closeGraceMs = 15_000 } = this.options;
    const parts = { database, signals, ranges, reader, databaseUrl, schema, closeGraceMs };
    const consumer = new TableConsumer(options, parts);
    this.open.add(consumer);
    return consumer;
  }

  async read({ topic: name, partition, offset }: PartitionOffset): Promise<Stretch> {
    const topic = (await this.database.topics([name])).get(name);
    if (!topic) throw new LogUnavailable(`There is no topic ${name} yet.`);
    const [found] = await this.database.use((store) =>
      store.fetch([{ topic, partition, position: offset }], READ_RECORDS, READ_BYTES),
    );
    const { records = [], end = 0n, nextOffset = end } = found ?? {};
    return { records, nextOffset, end };
  }

  async endOffsets(topics: readonly string[]): Promise<readonly PartitionOffset[]> {
    const ranges = await this.database.use((store) => store.ranges(topics));
    return ranges.map(({ topic, partition, end }) => ({ topic, partition, offset: end }));
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async shutDown(): Promise<void> {
    clearInterval(this.sweeping);
    await Promise.all([...this.open].map((part) => part.close()));
    await this.signals.close();
    await this.database.close();
  }

  private async startSweeping(): Promise<NodeJS.Timeout> {
    const everyMs = await this.database.use((_, database) => sweepEveryMs(database));
    const timer = setInterval(() => {
      // What is not removed now is removed at the next turn.
      void this.database
        .use((_, database) => sweep(database))
        .catch(() => undefined)
        .finally(() => {
          this.reader.forget();
        });
    }, everyMs);
    return timer.unref();
  }
}
