import type { PartitionOffset, TopicPartition } from '../event-log.js';
import type { LogTopic, PartitionRange, Wanted } from './log-store.js';
import { outOfRange } from './out-of-range.js';

export interface Known {
  readonly topics: ReadonlyMap<string, LogTopic>;
  readonly ranges: readonly PartitionRange[];
  /** The group's offsets in the log. */
  readonly committed: readonly PartitionOffset[];
  /** The offsets stored with the effects. */
  readonly stored: readonly PartitionOffset[];
}

/**
 * Where a new owner begins. The stored offset wins over a committed one that is ahead of it (the data was restored
 * from a backup); a committed one behind it was set back by an operator, who wants a repetition. Without a stored
 * offset: the log's beginning. A stored offset outside the log is fatal.
 */
export function startingPoints({ topics, ranges, committed, stored }: Known): Wanted[] {
  return ranges.flatMap((range) => {
    const topic = topics.get(range.topic);
    if (!topic) return [];
    const { partition } = range;
    const own = offsetOf(stored, range);
    if (own === undefined) return [{ topic, partition, position: range.start }];
    if (own < range.start || own > range.end) throw outOfRange(range, own);
    const groups = offsetOf(committed, range) ?? own;
    const position = groups < range.start ? range.start : groups;
    return [{ topic, partition, position: position < own ? position : own }];
  });
}

const offsetOf = (offsets: readonly PartitionOffset[], at: TopicPartition): bigint | undefined =>
  offsets.find(({ topic, partition }) => topic === at.topic && partition === at.partition)?.offset;
