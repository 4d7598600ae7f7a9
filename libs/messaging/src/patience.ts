import { setTimeout as delay } from 'node:timers/promises';
import { sql } from '@regulars/persistence';
import { NotOwned } from './batch-effect.js';
import type { BlockedPartitions } from './blocked-partitions.js';
import type { BatchProcessorOptions } from './consumer-settings.js';
import type { RecordBatch } from './event-log.js';

/** How a batch waits: never longer than it is ours, and not in silence. */
export class Patience {
  /** When somebody last waited or was let go on: a stuck handler shows as an old date. */
  lastActivityAt = new Date();

  constructor(
    private readonly options: Pick<BatchProcessorOptions, 'database' | 'group'>,
    private readonly blocked: BlockedPartitions,
  ) {}

  /** Throws when the batch is not ours any more; waits while the brake is on. */
  async ensureMayGoOn(batch: RecordBatch): Promise<void> {
    for (;;) {
      if (!batch.isOwned()) throw new NotOwned();
      const brake = await this.readBrake();
      if (brake === undefined) return;
      this.blocked.block(batch, brake);
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
  async pause(batch: RecordBatch, ms: number): Promise<void> {
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

/** Doubles with every attempt, up to a limit, with jitter. */
export function backoff(baseMs: number, attempt: number, maxMs: number): number {
  return Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 20)) * (0.5 + Math.random() / 2);
}
