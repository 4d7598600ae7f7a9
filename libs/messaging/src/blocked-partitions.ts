import type { TopicPartition } from './event-log.js';

/**
 * Which partitions of a consumer stand still, and why. The consumer is blocked while any of them is: that another one
 * goes on must not hide it.
 */
export class BlockedPartitions {
  private readonly reasons = new Map<string, string>();

  constructor(private readonly tell: (reason: string | undefined) => void) {}

  block(at: TopicPartition, reason: string): void {
    this.reasons.set(nameOf(at), reason);
    this.tell(reason);
  }

  release(partitions: readonly TopicPartition[]): void {
    for (const at of partitions) this.reasons.delete(nameOf(at));
    const [reason] = this.reasons.values();
    this.tell(reason);
  }
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic} ${String(partition)}`;
}
