import { setTimeout as pause } from 'node:timers/promises';
import type { PartitionOffset } from '../event-log.js';
import { createAdmin, type Admin, type ClientOptions } from './client.js';
import { RenewedClient } from './renewed-client.js';

export interface LogRange extends PartitionOffset {
  /** The oldest offset that is still there; `offset` is the one after the newest. */
  readonly start: bigint;
}

/** What only brokers can tell, and what only they can make. */
export class KafkaAdmin {
  private readonly client: RenewedClient<Admin>;
  private closed = false;

  constructor(options: ClientOptions) {
    this.client = new RenewedClient((isGone) => createAdmin(options, isGone));
  }

  /** Runs against a connected client; rejects with the port's errors. */
  use<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    return this.client.use(work);
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
    await this.client.close();
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
}
