import { topics, type Stream } from '@regulars/contracts';
import { outcomes, type ConsumerObserver, type LogRecord, type Outcome } from '@regulars/messaging';
import type { Logger, MetricsRegistry } from '@regulars/observability';

const retryKinds = ['conflict', 'unavailable', 'poison'] as const;

/** What operations see of consuming: counters, timestamps, one log line per trouble and none per event. */
export class ConsumerMonitor implements ConsumerObserver {
  private readonly records;
  private readonly retries;
  private readonly lastProcessed;
  private readonly blockedGauge;
  /** Why nothing moves; readiness hangs on it. */
  blockedBy: string | undefined;

  constructor(
    metrics: MetricsRegistry,
    private readonly logger: Logger,
  ) {
    this.records = metrics.counter(
      'regulars_consumer_records_total',
      'Records passed, by how they ended.',
      ['topic', 'outcome'],
    );
    this.retries = metrics.counter(
      'regulars_consumer_retries_total',
      'Attempts that failed and were repeated, by class of error.',
      ['kind'],
    );
    this.lastProcessed = metrics.gauge(
      'regulars_consumer_last_processed_timestamp_seconds',
      'When a batch of the topic was last committed.',
      ['topic'],
    );
    this.blockedGauge = metrics.gauge(
      'regulars_consumer_blocked',
      '1 while the consumer makes no progress: brake, outage, later version.',
    );
    for (const kind of retryKinds) this.retries.inc({ kind }, 0);
    this.blockedGauge.set(0);
  }

  /** Every series stands at zero before traffic. */
  declare(streams: readonly Stream[]): void {
    for (const stream of streams) {
      const topic = topics[stream].name;
      for (const outcome of outcomes) this.records.inc({ topic, outcome }, 0);
      this.lastProcessed.set({ topic }, 0);
    }
  }

  passed(topic: string, counts: ReadonlyMap<Outcome, number>): void {
    for (const [outcome, count] of counts) this.records.inc({ topic, outcome }, count);
    this.lastProcessed.set({ topic }, Date.now() / 1000);
  }

  retrying(topic: string, kind: 'conflict' | 'unavailable' | 'poison', error: Error): void {
    this.retries.inc({ kind });
    this.logger.warn({ topic, kind, err: error }, 'a batch failed and is tried again');
  }

  deadLettered(record: LogRecord, reason: string): void {
    this.logger.error(
      {
        topic: record.topic,
        partition: record.partition,
        offset: record.offset.toString(),
        reason,
      },
      'an event was set aside as a dead letter',
    );
  }

  blocked(reason: string | undefined): void {
    this.blockedBy = reason;
    this.blockedGauge.set(reason === undefined ? 0 : 1);
  }
}
