import { heartbeatType } from '@regulars/contracts';
import type { OutgoingRecord } from './event-log.js';
import { PARTITIONS, partitionOf } from './partitioner.js';

/** For each partition the first of a fixed row of keys that falls into it: the same record is replaced every time. */
const keys = Array.from({ length: PARTITIONS }, (_, partition) => {
  for (let number = 0; ; number += 1) {
    const key = Buffer.from(`heartbeat-${String(number)}`);
    if (partitionOf(key) === partition) return key;
  }
});

/**
 * A record for every partition of a compacted topic. Kafka compacts closed segments only and closes one when something
 * is appended: without these an old profile would stay readable on a quiet topic. Consumers pass them undecoded.
 */
export function heartbeats(topic: string): OutgoingRecord[] {
  return keys.map((key) => ({
    topic,
    key,
    value: Buffer.from('{}'),
    headers: { type: Buffer.from(heartbeatType), version: Buffer.from('1') },
  }));
}
