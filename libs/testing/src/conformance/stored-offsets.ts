import type { PartitionOffset, TopicPartition } from '@regulars/messaging';

/** Stands for the offsets that a batch transaction stores: shared by the members of a group, only ever raised. */
export class StoredOffsets {
  private readonly offsets = new Map<string, PartitionOffset>();

  all(): PartitionOffset[] {
    return [...this.offsets.values()];
  }

  of({ topic, partition }: TopicPartition): bigint | undefined {
    return this.offsets.get(`${topic}/${String(partition)}`)?.offset;
  }

  raise(next: PartitionOffset): void {
    if ((this.of(next) ?? -1n) < next.offset) this.set(next);
  }

  /** As after a backup was restored. */
  set(next: PartitionOffset): void {
    this.offsets.set(`${next.topic}/${String(next.partition)}`, next);
  }
}
