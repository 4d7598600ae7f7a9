import {
  decodeEvent,
  heartbeatType,
  LaterVersion,
  topicByName,
  UndecodableEvent,
  type Consumed,
  type Stream,
} from '@regulars/contracts';
import type { LogRecord } from './event-log.js';

/** A record on its way to the handler: an event, or why it is none. */
export type Decoded =
  | { readonly kind: 'event'; readonly record: LogRecord; readonly event: Consumed<Stream> }
  | { readonly kind: 'not-consumed'; readonly record: LogRecord }
  | { readonly kind: 'undecodable'; readonly record: LogRecord; readonly error: UndecodableEvent }
  | { readonly kind: 'later-version'; readonly record: LogRecord; readonly error: LaterVersion };

const text = new TextDecoder();

/** Decodes by the contract of the record's topic; heartbeats are passed over before their body is looked at. */
export function decodeRecord(record: LogRecord): Decoded {
  const headers = Object.fromEntries(
    Object.entries(record.headers).map(([name, value]) => [name, text.decode(value)]),
  );
  if (headers['type'] === heartbeatType) return { kind: 'not-consumed', record };
  const topic = topicByName(record.topic);
  if (!topic) return { kind: 'not-consumed', record };
  const key = record.key === null ? undefined : text.decode(record.key);
  try {
    return {
      kind: 'event',
      record,
      event: decodeEvent(topic.stream, key, headers, record.value),
    };
  } catch (error) {
    if (error instanceof LaterVersion) return { kind: 'later-version', record, error };
    if (error instanceof UndecodableEvent) return { kind: 'undecodable', record, error };
    throw error;
  }
}
