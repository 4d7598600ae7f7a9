import type { TopicSpec } from '../event-log.js';
import type { Admin } from './client.js';

/** Makes the missing topics; resolves with whether every partition of all of them has a leader. */
export async function createMissing(admin: Admin, topics: readonly TopicSpec[]): Promise<boolean> {
  const there = new Set(await admin.listTopics());
  const missing = topics.filter(({ name }) => !there.has(name));
  if (missing.length > 0) {
    const brokers = (await admin.describeCluster()).brokers.length;
    const replicas = Math.min(3, brokers);
    const wanted = missing.map((topic) => ({
      topic: topic.name,
      numPartitions: topic.partitions,
      replicationFactor: replicas,
      configEntries: configOf(topic, replicas),
    }));
    // Waiting for leaders here throws UNKNOWN_TOPIC_OR_PARTITION although the topic was made: we look ourselves.
    await admin.createTopics({ waitForLeaders: false, topics: wanted });
  }
  const names = topics.map(({ name }) => name);
  const { topics: known } = await admin.fetchTopicMetadata({ topics: names });
  return topics.every(({ name }) => {
    const partitions = known.find((topic) => topic.name === name)?.partitions ?? [];
    return partitions.length > 0 && partitions.every(({ leader }) => leader >= 0);
  });
}

function configOf(topic: TopicSpec, replicas: number): { name: string; value: string }[] {
  const config: Record<string, string> = {
    'cleanup.policy': topic.cleanup === 'compact' ? 'compact' : 'delete',
    'retention.ms': String(topic.retentionMs ?? -1),
    'retention.bytes': '-1',
    // The port promises the time at which the log took a record.
    'message.timestamp.type': 'LogAppendTime',
    'min.insync.replicas': replicas >= 3 ? '2' : '1',
  };
  if (topic.maxCompactionLagMs !== undefined) {
    config['max.compaction.lag.ms'] = String(topic.maxCompactionLagMs);
  }
  if (topic.maxMessageBytes !== undefined) {
    config['max.message.bytes'] = String(topic.maxMessageBytes);
  }
  return Object.entries(config).map(([name, value]) => ({ name, value }));
}
