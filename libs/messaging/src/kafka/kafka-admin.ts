import { setTimeout as pause } from 'node:timers/promises';
import type { PartitionOffset } from '../event-log.js';
import { createAdmin, type Admin, type ClientOptions } from './client.js';
import { toLogError } from './kafka-errors.js';

export interface LogRange extends PartitionOffset {
  /** The oldest offset that is still there; `offset` is the one after the newest. */
  readonly start: bigint;
}

/** One admin connection, made when first needed and again after it failed. */
export class KafkaAdmin {
  private client: Promise<Admin> | undefined;
  private closed = false;

  constructor(private readonly options: ClientOptions) {}

  /** Runs against a connected client; rejects with the port's errors. */
  async use<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    try {
      return await work(await this.connected());
    } catch (error) {
      await this.disconnect();
      throw toLogError(error);
    }
  }

  async ranges(topics: readonly string[]): Promise<LogRange[]> {
    return this.ask(async (admin) => {
      const all = await Promise.all(
        topics.map(async (topic) => {
          const partitions = await admin.fetchTopicOffsets(topic);
          return partitions.map(({ partition, low, high }) => ({
            topic,
            partition,
            start: BigInt(low),
            offset: BigInt(high),
          }));
        }),
      );
      return all.flat();
    });
  }

  /** What the group has committed to the broker; partitions without are left out. */
  async committed(group: string, topics: readonly string[]): Promise<PartitionOffset[]> {
    return this.ask(async (admin) => {
      const answer = await admin.fetchOffsets({ groupId: group, topics: [...topics] });
      return answer.flatMap(({ topic, partitions }) =>
        partitions
          .map(({ partition, offset }) => ({ topic, partition, offset: BigInt(offset) }))
          .filter(({ offset }) => offset >= 0n),
      );
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.disconnect();
  }

  /** Leaders and coordinators move: a question is repeated for a second before its error counts. */
  private async ask<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.use(question);
      } catch (error) {
        if (this.closed || tries === 5) throw error;
        await pause(200);
      }
    }
  }

  private async disconnect(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.then((admin) => admin.disconnect()).catch(() => undefined);
  }

  private connected(): Promise<Admin> {
    this.client ??= (async () => {
      const admin = createAdmin(this.options, () => this.closed);
      await admin.connect();
      return admin;
    })();
    return this.client;
  }
}
