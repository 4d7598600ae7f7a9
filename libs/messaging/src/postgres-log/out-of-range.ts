import { FatalConsumerError } from '../errors.js';
import type { TopicPartition } from '../event-log.js';

export function outOfRange({ topic, partition }: TopicPartition, offset: bigint): Error {
  return new FatalConsumerError(
    `Offset ${String(offset)} of ${topic}/${String(partition)} is out of the log's range: the log was cut or ` +
      'restored. Rebuild the service from the log, or restore both from one backup.',
  );
}
