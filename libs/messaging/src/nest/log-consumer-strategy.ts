import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { topics, type Stream } from '@regulars/contracts';
import { FatalConsumerError } from '../errors.js';
import type { BatchConsumer, EventLog } from '../event-log.js';
import { BatchProcessor } from '../batch-processor.js';
import type { BatchProcessorOptions, RunHandler } from '../consumer-settings.js';
import type { BatchContext } from '../on-events.js';
import { within } from '../within.js';
import { ConsumerWatchdog } from './consumer-watchdog.js';

export interface LogConsumerOptions extends Omit<BatchProcessorOptions, 'handlers'> {
  readonly log: EventLog;
  /** The consumer is dead: the service logs it and exits non-zero, so that its supervisor restarts it. */
  readonly onFatal: (error: Error) => void;
  /** Nothing fetched, polled or worked on for so long, with the log there, means dead (default 60 s). */
  readonly watchdogMs?: number;
}

/**
 * Nest sees the log as a microservice: this runs our batch consumer and hands whole batches to the handlers marked
 * `@OnEvents` (ADR 0001). One consumer group per service, all its streams in one member.
 */
export class LogConsumerStrategy extends Server implements CustomTransportStrategy {
  private consumer: BatchConsumer | undefined;
  private watchdog: ConsumerWatchdog | undefined;
  private batchProcessor: BatchProcessor | undefined;

  constructor(private readonly consumerOptions: LogConsumerOptions) {
    super();
  }

  /** The handlers by stream; known once Nest has bound them. */
  readonly runners = new Map<Stream, RunHandler>();

  get processor(): BatchProcessor | undefined {
    return this.batchProcessor;
  }

  listen(callback: (error?: unknown) => void): void {
    this.bindHandlers();
    this.start().then(() => {
      callback();
    }, callback);
  }

  async close(): Promise<void> {
    this.watchdog?.stop();
    await this.consumer?.close();
  }

  on(): never {
    throw new FatalConsumerError('The log consumer has no events to listen to.');
  }

  unwrap(): never {
    return this.consumer as never;
  }

  private async start(): Promise<void> {
    const { log, onFatal, group, watchdogMs = 60_000 } = this.consumerOptions;
    const processor = new BatchProcessor({ ...this.consumerOptions, handlers: this.runners });
    this.batchProcessor = processor;
    if (this.runners.size === 0) return;
    const names = [...this.runners.keys()].map((stream) => topics[stream].name);
    const consumer = log.consumer({
      group,
      topics: names,
      onBatch: (batch) => processor.process(batch),
      onBatches: (batches) => processor.processTogether(batches),
      storedOffsets: (assigned) => processor.storedOffsets(assigned),
      onFatal,
    });
    this.consumer = consumer;
    await consumer.start();
    this.watchdog = new ConsumerWatchdog({
      watchdogMs,
      lastSign: () => Math.max(consumer.lastPollAt().getTime(), processor.lastActivityAt.getTime()),
      logAnswers: () => within(watchdogMs / 4, log.endOffsets(names)).catch(() => false),
      onDead: () => {
        const why = `${group} fetched and did nothing for ${String(watchdogMs)} ms.`;
        onFatal(new FatalConsumerError(why));
      },
    });
    this.watchdog.start();
  }

  private bindHandlers(): void {
    for (const [stream, handler] of this.messageHandlers) {
      if (!Object.hasOwn(topics, stream)) {
        throw new FatalConsumerError(`@OnEvents names a stream that does not exist: ${stream}`);
      }
      if (handler.next) {
        throw new FatalConsumerError(`Two handlers of ${stream} in one service: join them.`);
      }
      const run = async (...[events, tx]: Parameters<RunHandler>): Promise<void> => {
        const context: BatchContext = { tx };
        const answer: unknown = await handler(events, context);
        if (isObservable(answer)) await lastValueFrom(answer, { defaultValue: undefined });
        if (!context.outcome) throw new FatalConsumerError(`The handler of ${stream} did not run.`);
        if (!context.outcome.ok) throw context.outcome.error;
      };
      const { extras = {} } = handler as { extras?: Pick<RunHandler, 'parks' | 'types'> };
      const { parks = false, types } = extras;
      this.runners.set(
        stream as Stream,
        Object.assign(run, { parks, ...(types === undefined ? {} : { types }) }),
      );
    }
  }
}
