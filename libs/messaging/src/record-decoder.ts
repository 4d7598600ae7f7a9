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

/** By the record itself: consumers of a process that read the same records from one reader decode each once. */
export type DecodedEvents = WeakMap<LogRecord, Consumed<Stream>>;

export interface Decoding {
  readonly heard?: (stream: Stream, type: string) => boolean;
  /** Where others that are handed the same records find what they need not decode again. */
  readonly shared?: DecodedEvents | undefined;
}

/**
 * Decodes by the contract of the record's topic. Heartbeats, and types that nobody here hears of, are passed over before
 * their body is looked at.
 */
export function decodeRecord(record: LogRecord, { heard, shared }: Decoding = {}): Decoded {
  const known = shared?.get(record);
  if (known) {
    const wanted = heard?.(known.stream, known.type) !== false;
    return wanted ? { kind: 'event', record, event: known } : { kind: 'not-consumed', record };
  }
  const headers = Object.fromEntries(
    Object.entries(record.headers).map(([name, value]) => [name, text.decode(value)]),
  );
  if (headers['type'] === heartbeatType) return { kind: 'not-consumed', record };
  const topic = topicByName(record.topic);
  if (!topic) return { kind: 'not-consumed', record };
  if (heard?.(topic.stream, headers['type'] ?? '') === false)
    return { kind: 'not-consumed', record };
  const key = record.key === null ? undefined : text.decode(record.key);
  try {
    const event = decodeEvent(topic.stream, key, headers, record.value);
    shared?.set(record, event);
    return { kind: 'event', record, event };
  } catch (error) {
    if (error instanceof LaterVersion) return { kind: 'later-version', record, error };
    if (error instanceof UndecodableEvent) return { kind: 'undecodable', record, error };
    throw error;
  }
}
