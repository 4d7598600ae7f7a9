import { setTimeout as delay } from 'node:timers/promises';
import type { Consumed, Stream } from '@regulars/contracts';
import { toError } from '@regulars/kernel';
import { sql, type Database, type Transaction } from '@regulars/persistence';
import { applyParts, Braked, NotOwned, type Part } from './batch-effect.js';
import type { BatchTransaction, Outcome } from './batch-handler.js';
import { consumerStore, type BrakeLimits } from './consumer-store.js';
import { deadLetterStore } from './dead-letter-store.js';
import { mayBeKept } from './personal.js';
import { classOf, cleanText, reasonOf } from './error-class.js';
import { FatalConsumerError } from './errors.js';
import type { LogRecord, PartitionOffset, RecordBatch, TopicPartition } from './event-log.js';
import { decodeRecord, type Decoded } from './record-decoder.js';

export interface RunHandler {
  (events: readonly Consumed<Stream>[], tx: BatchTransaction): Promise<void>;
  /** Later events of a key wait behind its dead one, in order; else they pass it. */
  readonly parks?: boolean;
}

/** What the operator sees of consuming: counters and logs, fed from here. */
export interface ConsumerObserver {
  passed(topic: string, counts: ReadonlyMap<Outcome, number>): void;
  retrying(topic: string, kind: 'conflict' | 'unavailable' | 'poison', error: Error): void;
  deadLettered(record: LogRecord, reason: string): void;
  /** Why the consumer makes no progress now; undefined when it does. Readiness hangs on it. */
  blocked(reason: string | undefined): void;
}

export interface ConsumerSettings {
  readonly conflictTries: number;
  readonly conflictDelayMs: number;
  readonly poisonTries: number;
  readonly maxUnavailableDelayMs: number;
  readonly brake: BrakeLimits;
}

export const defaultConsumerSettings: ConsumerSettings = {
  conflictTries: 5,
  conflictDelayMs: 100,
  poisonTries: 3,
  maxUnavailableDelayMs: 30_000,
  brake: { inRow: 20, inFiveMinutes: 100 },
};

export interface BatchProcessorOptions {
  readonly group: string;
  readonly database: Database;
  readonly handlers: ReadonlyMap<Stream, RunHandler>;
  readonly observer: ConsumerObserver;
  readonly settings?: Partial<ConsumerSettings>;
  /** Puts the notice of a dead letter on its topic, in the same transaction (an outbox row). */
  notify(tx: Transaction, record: LogRecord, reason: string, attempts: number): Promise<void>;
}

/**
 * Works off batches of one consumer group: one transaction for handler, counters and position; errors by their
 * class; a failing batch is halved until its poison event stands alone and is set aside.
 */
export class BatchProcessor {
  private readonly settings: ConsumerSettings;
  /** When a batch last made progress or was last retried: a stuck handler shows as an old date. */
  lastActivityAt = new Date();
  private working = 0;

  constructor(private readonly options: BatchProcessorOptions) {
    this.settings = { ...defaultConsumerSettings, ...options.settings };
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
      const decoded = batch.records.map(decodeRecord);
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
      this.lastActivityAt = new Date();
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

  private async tryTogether(batches: readonly RecordBatch[]): Promise<boolean> {
    this.working += 1;
    try {
      const parts = batches.map((batch): Part => ({
        batch,
        items: batch.records.map(decodeRecord),
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
      this.lastActivityAt = new Date();
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
          await this.ensureMayGoOn(batch);
          continue;
        }
        const error = toError(thrown);
        firstFailedAt ??= new Date();
        let kind = classOf(thrown);
        if (kind === 'fatal') throw error;
        if (kind === 'conflict' && conflicts >= this.settings.conflictTries) kind = 'unavailable';
        this.options.observer.retrying(batch.topic, kind, error);
        if (kind === 'conflict') {
          await this.pause(batch, backoff(this.settings.conflictDelayMs, conflicts, 5_000));
          conflicts += 1;
        } else if (kind === 'unavailable') {
          this.options.observer.blocked('unavailable');
          await this.pause(
            batch,
            backoff(this.settings.conflictDelayMs, outages, this.settings.maxUnavailableDelayMs),
          );
          outages += 1;
        } else {
          failures += 1;
          // Several items: the tries belong to each single one, after halving.
          const tries = items.length > 1 ? 1 : this.settings.poisonTries;
          if (failures >= tries) return { error, attempts: failures, firstFailedAt };
          await this.pause(batch, backoff(this.settings.conflictDelayMs, failures - 1, 1_000));
        }
      }
    }
  }

  private async apply(parts: readonly Part[]): Promise<void> {
    const { database, group, handlers, observer } = this.options;
    const counts = await applyParts(parts, {
      database,
      group,
      handlers,
      brake: this.settings.brake,
      deadLetter: (tx, record, error) =>
        this.deadLetter(tx, record, { error, attempts: 1, firstFailedAt: new Date() }),
    });
    observer.passed(parts[0]?.batch.topic ?? '', counts);
    observer.blocked(undefined);
    this.lastActivityAt = new Date();
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
      await this.ensureMayGoOn(batch);
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
        this.options.observer.blocked('dead-letter-unwritable');
        await this.pause(
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
      await this.ensureMayGoOn(batch);
      if (item.kind === 'later-version') {
        this.options.observer.retrying(batch.topic, 'unavailable', item.error);
      }
      this.options.observer.blocked('later-version');
      await this.pause(batch, this.settings.maxUnavailableDelayMs);
    }
  }

  /** Throws when the batch is not ours any more; waits while the brake is on. */
  private async ensureMayGoOn(batch: RecordBatch): Promise<void> {
    for (;;) {
      if (!batch.isOwned()) throw new NotOwned();
      const brake = await this.readBrake();
      if (brake === undefined) return;
      this.options.observer.blocked(brake);
      await this.pause(batch, 2_000);
    }
  }

  private async readBrake(): Promise<string | undefined> {
    try {
      const [row] = await this.options.database.query<{ reason: string }>(
        sql`select reason from consumer_brakes where consumer = ${this.options.group}`,
      );
      return row?.reason;
    } catch {
      // The database is away: the attempt itself meets that and waits by its class.
      return undefined;
    }
  }

  /** Waits in short steps, telling the group that we are alive. */
  private async pause(batch: RecordBatch, ms: number): Promise<void> {
    const end = Date.now() + ms;
    for (;;) {
      this.lastActivityAt = new Date();
      if (!batch.isOwned()) throw new NotOwned();
      const left = end - Date.now();
      if (left <= 0) return;
      await delay(Math.min(left, 1_000));
      await batch.heartbeat();
    }
  }
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

function backoff(baseMs: number, attempt: number, maxMs: number): number {
  return Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 20)) * (0.5 + Math.random() / 2);
}
