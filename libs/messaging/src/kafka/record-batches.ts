import type { LogRecord, TopicPartition } from '../event-log.js';
import type { Batch, KafkaMessage } from './client.js';

export interface Slice {
  readonly records: readonly LogRecord[];
  readonly nextOffset: bigint;
}

/**
 * Cuts what was fetched of one partition into batches of bounded count and size, gaps included. Where nothing but
 * markers was fetched, one without records says so.
 */
export function slices(
  batch: Batch,
  { maxRecords, maxBytes }: { maxRecords: number; maxBytes: number },
): Slice[] {
  const all: LogRecord[][] = [];
  let bytes = 0;
  for (const message of batch.messages) {
    const size = (message.key?.length ?? 0) + (message.value?.length ?? 0);
    const last = all.at(-1);
    if (last && last.length < maxRecords && bytes + size <= maxBytes) {
      last.push(toRecord(batch, message));
      bytes += size;
    } else {
      all.push([toRecord(batch, message)]);
      bytes = size;
    }
  }
  const end = BigInt(batch.lastOffset()) + 1n;
  if (all.length === 0) return [{ records: [], nextOffset: end }];
  return all.map((records, index) => ({ records, nextOffset: all[index + 1]?.[0]?.offset ?? end }));
}

export function toRecord({ topic, partition }: TopicPartition, message: KafkaMessage): LogRecord {
  return {
    topic,
    partition,
    offset: BigInt(message.offset),
    key: message.key,
    value: message.value,
    headers: toHeaders(message.headers),
    timestamp: new Date(Number(message.timestamp)),
  };
}

/** Of a header that stands there several times the last one counts. */
function toHeaders(headers: KafkaMessage['headers']): Record<string, Uint8Array> {
  const plain: Record<string, Uint8Array> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    plain[name] = typeof last === 'string' ? Buffer.from(last) : (last ?? new Uint8Array());
  }
  return plain;
}
