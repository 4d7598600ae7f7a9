import { FatalConsumerError } from '../errors.js';
import type { PartitionOffset, TopicPartition } from '../event-log.js';
import type { LogRange } from './kafka-admin.js';

export interface PositionFacts {
  readonly assigned: readonly TopicPartition[];
  /** From our own database, committed together with the effects. */
  readonly stored: readonly PartitionOffset[];
  readonly committed: readonly PartitionOffset[];
  readonly ranges: readonly LogRange[];
}

/**
 * Where to read on. Pure. The stored offset is the truth: after a restored backup the broker is ahead of the data and
 * would skip events. A lower one at the broker is somebody's wish to read again. No stored one: the log's beginning.
 */
export function startPositions(facts: PositionFacts): PartitionOffset[] {
  return facts.assigned.map(({ topic, partition }) => {
    const same = (other: TopicPartition) => other.topic === topic && other.partition === partition;
    const range = facts.ranges.find(same);
    if (!range) throw new FatalConsumerError(`${topic}[${String(partition)}] does not exist.`);
    const stored = facts.stored.find(same)?.offset;
    if (stored === undefined) return { topic, partition, offset: range.start };
    if (stored < range.start || stored > range.offset) {
      throw new FatalConsumerError(
        `The stored offset ${String(stored)} of ${topic}[${String(partition)}] is out of range: the log has ` +
          `${String(range.start)} to ${String(range.offset)}. Events were lost, or the log is another one.`,
      );
    }
    const committed = facts.committed.find(same)?.offset ?? stored;
    const wished = committed < range.start ? range.start : committed;
    return { topic, partition, offset: wished < stored ? wished : stored };
  });
}
