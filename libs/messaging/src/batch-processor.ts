import type { Stream } from '@regulars/contracts';
import { toError } from '@regulars/kernel';
import type { Transaction } from '@regulars/persistence';
import { applyParts, Braked, NotOwned, type Part } from './batch-effect.js';
import type { Outcome } from './batch-handler.js';
import { BlockedPartitions } from './blocked-partitions.js';
import {
  defaultConsumerSettings,
  type BatchProcessorOptions,
  type ConsumerSettings,
} from './consumer-settings.js';
import { consumerStore } from './consumer-store.js';
import { deadLetterStore } from './dead-letter-store.js';
import { classOf, cleanText, reasonOf } from './error-class.js';
import { FatalConsumerError } from './errors.js';
import type { LogRecord, PartitionOffset, RecordBatch, TopicPartition } from './event-log.js';
import { backoff, Patience } from './patience.js';
import { mayBeKept } from './personal.js';
import { decodeRecord, type Decoded } from './record-decoder.js';

/**
 * Works off batches of one consumer group: one transaction for handler, counters and position; errors by their
 * class; a failing batch is halved until its poison event stands alone and is set aside.
 */
export class BatchProcessor {
  private readonly settings: ConsumerSettings;
  private readonly blocked: BlockedPartitions;
  private readonly patience: Patience;
  private working = 0;

  constructor(private readonly options: BatchProcessorOptions) {
    this.blocked = new BlockedPartitions((reason) => {
      options.observer.blocked(reason);
    });
    this.patience = new Patience(options, this.blocked);
    this.settings = { ...defaultConsumerSettings, ...options.settings };
  }

  /** When a batch last made progress or was last retried: a stuck handler shows as an old date. */
  get lastActivityAt(): Date {
    return this.patience.lastActivityAt;
  }

  get busy(): boolean {
    return this.working > 0;
  }

  /** For the port's `storedOffsets`. */
  async storedOffsets(assigned: readonly TopicPartition[]): Promise<PartitionOffset[]> {
    const topics = [...new Set(assigned.map(({ topic }) => topic))];
    return consumerStore(this.options.database, this.options.group).positions(topics);
  }

  /** For the port's `onBatch`. Resolves with the offset reached; rejects only with {@link FatalConsumerError}. */
  async process(batch: RecordBatch): Promise<bigint> {
    this.working += 1;
    try {
      const decoded = this.decode(batch);
      let reached = batch.records[0]?.offset ?? -1n;
      try {
        for (const run of runs(decoded)) {
          const first = run[0];
          if (first?.kind === 'later-version') await this.waitForUpgrade(batch, first);
          const next = (run.at(-1)?.record.offset ?? reached) + 1n;
          await this.applyOrSplit(batch, run, next);
          reached = next;
        }
        if (batch.nextOffset > reached) await this.applyOrSplit(batch, [], batch.nextOffset);
        return batch.nextOffset;
      } catch (error) {
        if (error instanceof NotOwned) return reached;
        throw error;
      }
    } finally {
      this.working -= 1;
      this.patience.lastActivityAt = new Date();
      this.blocked.release([batch]);
    }
  }

  /**
   * For the port's `onBatches`: small batches of one topic in one transaction. When anything stands in its way, each
   * goes by itself, where errors are told apart.
   */
  async processTogether(batches: readonly RecordBatch[]): Promise<bigint[]> {
    if (batches.length > 1 && (await this.tryTogether(batches)))
      return batches.map(({ nextOffset }) => nextOffset);
    const reached: bigint[] = [];
    for (const batch of batches) reached.push(await this.process(batch));
    return reached;
  }

  private decode({ records }: RecordBatch): Decoded[] {
    const { handlers, shared } = this.options;
    const heard = (stream: Stream, type: string): boolean =>
      handlers.get(stream)?.types?.includes(type) !== false;
    return records.map((record) => decodeRecord(record, { heard, shared: shared?.decoded }));
  }

  private async tryTogether(batches: readonly RecordBatch[]): Promise<boolean> {
    this.working += 1;
    try {
      const parts = batches.map((batch): Part => ({
        batch,
        items: this.decode(batch),
        next: batch.nextOffset,
      }));
      const plain = parts.every(({ items }) =>
        items.every(({ kind }) => kind === 'event' || kind === 'not-consumed'),
      );
      if (!plain || !batches.every((batch) => batch.isOwned())) return false;
      await this.apply(parts);
      return true;
    } catch {
      // Nothing of it has happened. What it was shows again, and is judged, when each goes by itself.
      return false;
    } finally {
      this.working -= 1;
      this.patience.lastActivityAt = new Date();
    }
  }

  /** Applies the items in one transaction; on poison halves them, first half first, so that the order holds. */
  private async applyOrSplit(
    batch: RecordBatch,
    items: readonly Decoded[],
    next: bigint,
  ): Promise<void> {
    const error = await this.tryApply(batch, items, next);
    if (error === undefined) return;
    if (items.length <= 1) {
      await this.setAside(batch, items[0], next, error);
      return;
    }
    const middle = Math.ceil(items.length / 2);
    const head = items.slice(0, middle);
    const headNext = (head.at(-1)?.record.offset ?? 0n) + 1n;
    await this.applyOrSplit(batch, head, headNext);
    await this.applyOrSplit(batch, items.slice(middle), next);
  }

  /** Undefined when applied; the error when it is poison. Conflicts and outages are waited out in here. */
  private async tryApply(
    batch: RecordBatch,
    items: readonly Decoded[],
    next: bigint,
  ): Promise<{ error: Error; attempts: number; firstFailedAt: Date } | undefined> {
    let conflicts = 0;
    let outages = 0;
    let failures = 0;
    let firstFailedAt: Date | undefined;
    for (;;) {
      if (!batch.isOwned()) throw new NotOwned();
      try {
        await this.apply([{ batch, items, next }]);
        return undefined;
      } catch (thrown) {
        if (thrown instanceof NotOwned) throw thrown;
        if (thrown instanceof Braked) {
          await this.patience.ensureMayGoOn(batch);
          continue;
        }
        const error = toError(thrown);
        firstFailedAt ??= new Date();
        let kind = classOf(thrown);
        if (kind === 'fatal') throw error;
        if (kind === 'conflict' && conflicts >= this.settings.conflictTries) kind = 'unavailable';
        this.options.observer.retrying(batch.topic, kind, error);
        if (kind === 'conflict') {
          await this.patience.pause(
            batch,
            backoff(this.settings.conflictDelayMs, conflicts, 5_000),
          );
          conflicts += 1;
        } else if (kind === 'unavailable') {
          this.blocked.block(batch, 'unavailable');
          await this.patience.pause(
            batch,
            backoff(this.settings.conflictDelayMs, outages, this.settings.maxUnavailableDelayMs),
          );
          outages += 1;
        } else {
          failures += 1;
          // Several items: the tries belong to each single one, after halving.
          const tries = items.length > 1 ? 1 : this.settings.poisonTries;
          if (failures >= tries) return { error, attempts: failures, firstFailedAt };
          await this.patience.pause(
            batch,
            backoff(this.settings.conflictDelayMs, failures - 1, 1_000),
          );
        }
      }
    }
  }

  private async apply(parts: readonly Part[]): Promise<void> {
    const { database, group, handlers, observer, shared } = this.options;
    const work = (): ReturnType<typeof applyParts> =>
      applyParts(parts, {
        database,
        group,
        handlers,
        brake: this.settings.brake,
        deadLetter: (tx, record, error) =>
          this.deadLetter(tx, record, { error, attempts: 1, firstFailedAt: new Date() }),
      });
    const counts = await (shared ? shared.turns.take(oldestOf(parts), work) : work());
    observer.passed(parts[0]?.batch.topic ?? '', counts);
    this.blocked.release(parts.map(({ batch }) => batch));
    this.patience.lastActivityAt = new Date();
  }

  /** The poison event stands alone: make sure that it is the event and not the database, then set it aside. */
  private async setAside(
    batch: RecordBatch,
    item: Decoded | undefined,
    next: bigint,
    failure: { error: Error; attempts: number; firstFailedAt: Date },
  ): Promise<void> {
    if (!item) throw new FatalConsumerError('An empty batch failed.', failure.error);
    for (let attempt = 0; ; attempt += 1) {
      await this.patience.ensureMayGoOn(batch);
      try {
        await this.options.database.withTransaction(async (tx) => {
          const store = consumerStore(tx, this.options.group);
          const { positions } = await store.lockPositions(batch.topic, [batch.partition]);
          const from = positions.get(batch.partition) ?? 0n;
          if (item.record.offset < from) return;
          await this.deadLetter(tx, item.record, failure);
          const counts = new Map<Outcome, number>([['dead-lettered', 1]]);
          await store.advance(batch.topic, [
            { partition: batch.partition, from, next, counts, deadInRow: 1 },
          ]);
          await store.brakeIfTooMany(batch, this.settings.brake);
          if (!batch.isOwned()) throw new NotOwned();
        });
        this.options.observer.passed(batch.topic, new Map([['dead-lettered', 1]]));
        return;
      } catch (thrown) {
        if (thrown instanceof NotOwned) throw thrown;
        // It cannot be written: nothing advances, for as long as it takes.
        this.options.observer.retrying(batch.topic, 'unavailable', toError(thrown));
        this.blocked.block(batch, 'dead-letter-unwritable');
        await this.patience.pause(
          batch,
          backoff(this.settings.conflictDelayMs, attempt, this.settings.maxUnavailableDelayMs),
        );
      }
    }
  }

  private async deadLetter(
    tx: Transaction,
    record: LogRecord,
    failure: { error: Error; attempts: number; firstFailedAt: Date },
  ): Promise<void> {
    const reason = reasonOf(failure.error);
    await deadLetterStore(tx, this.options.group).add(
      record,
      { ...failure, reason, errorText: cleanText(failure.error) },
      mayBeKept(record.topic),
    );
    await this.options.notify(tx, record, reason, failure.attempts);
    tx.afterCommit(() => {
      this.options.observer.deadLettered(record, reason);
    });
  }

  private async waitForUpgrade(batch: RecordBatch, item: Decoded): Promise<never> {
    for (;;) {
      await this.patience.ensureMayGoOn(batch);
      if (item.kind === 'later-version') {
        this.options.observer.retrying(batch.topic, 'unavailable', item.error);
      }
      this.blocked.block(batch, 'later-version');
      await this.patience.pause(batch, this.settings.maxUnavailableDelayMs);
    }
  }
}

function oldestOf(parts: readonly Part[]): number {
  return Math.min(...parts.map(({ items }) => items[0]?.record.timestamp.getTime() ?? Infinity));
}

/** Consecutive items that can share a transaction: one of a later version stands alone and holds up the rest. */
function runs(items: readonly Decoded[]): Decoded[][] {
  const all: Decoded[][] = [];
  for (const item of items) {
    const last = all.at(-1);
    const alone = item.kind === 'later-version' || last?.[0]?.kind === 'later-version';
    if (last && !alone) last.push(item);
    else all.push([item]);
  }
  return all;
}
