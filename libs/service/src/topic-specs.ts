import { deadLetterTopic, partitionCount, serviceNames, topics } from '@regulars/contracts';
import type { TopicSpec } from '@regulars/messaging';

const DAY_MS = 86_400_000;
const MIB = 1024 * 1024;

/** The whole topic table. Every service makes what is missing, so that they may start in any order. */
export function topicSpecs(): TopicSpec[] {
  const events = Object.values(topics).map((topic): TopicSpec => ({
    name: topic.name,
    partitions: partitionCount,
    cleanup: topic.cleanup,
    ...(topic.retentionDays === undefined ? {} : { retentionMs: topic.retentionDays * DAY_MS }),
    ...(topic.maxCompactionLagMs === undefined
      ? {}
      : { maxCompactionLagMs: topic.maxCompactionLagMs }),
  }));
  const deadLetters = serviceNames.map((group): TopicSpec => ({
    name: deadLetterTopic(group),
    partitions: partitionCount,
    cleanup: 'keep',
    retentionMs: 30 * DAY_MS,
    maxMessageBytes: 2 * MIB,
  }));
  return [...events, ...deadLetters];
}
