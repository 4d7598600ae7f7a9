import { LogUnavailable } from '../errors.js';
import type { OutgoingRecord } from '../event-log.js';
import { placeOf, type Producer } from './client.js';

/** kafkajs makes one record batch per partition and request, and a broker takes 1 MiB (default). */
const MAX_REQUEST_BYTES = 800 * 1024;

/** One request, by a producer or within its transaction. Resolves when every partition has acknowledged. */
export async function sendRequest(
  client: Pick<Producer, 'sendBatch'>,
  records: readonly OutgoingRecord[],
): Promise<void> {
  const messages = new Map(
    [...Map.groupBy(records, ({ topic }) => topic)].map(([topic, group]) => [
      topic,
      group.map(message),
    ]),
  );
  const answers = await client.sendBatch({
    acks: -1,
    topicMessages: [...messages].map(([topic, group]) => ({ topic, messages: group })),
  });
  // kafkajs drops what it has no partition for, and resolves; also what moved, between two of its tries, to a broker that
  // had answered the first (its #1303).
  for (const [topic, group] of messages) {
    const written = new Set(
      answers
        .filter(({ topicName, errorCode }) => topicName === topic && errorCode === 0)
        .map(({ partition }) => partition),
    );
    if (!group.every((each) => written.has(placeOf(each) ?? NaN)))
      throw new LogUnavailable(`Not all of ${topic} was acknowledged.`);
  }
}

function message({ key, value, headers }: OutgoingRecord) {
  const bytes = Object.entries(headers).map(([name, data]) => [name, Buffer.from(data)] as const);
  return {
    key: key && Buffer.from(key),
    value: value && Buffer.from(value),
    headers: Object.fromEntries(bytes),
    // Round robin would put a repeated try elsewhere.
    ...(key === null ? { partition: 0 } : {}),
  };
}

/** Cuts into requests of bounded size, in order. */
export function* requests(
  records: readonly OutgoingRecord[],
): Generator<readonly OutgoingRecord[]> {
  let part: OutgoingRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = sizeOf(record);
    if (part.length > 0 && bytes + size > MAX_REQUEST_BYTES) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(record);
    bytes += size;
  }
  if (part.length > 0) yield part;
}

function sizeOf({ key, value, headers }: OutgoingRecord): number {
  const head = Object.entries(headers).reduce(
    (sum, [name, data]) => sum + name.length + data.length,
    40,
  );
  return head + (key?.length ?? 0) + (value?.length ?? 0);
}
