import type { DeadLetter, StoredRecord } from './dead-letter-store.js';
import type { EventLog, LogRecord } from './event-log.js';
import { mayBeKept } from './personal.js';

export type Letter = DeadLetter & StoredRecord;

/** The record of a dead letter as it came; undefined when it lies in the log only. */
export function recordOf(letter: Letter): LogRecord | undefined {
  if (letter.value === null && !mayBeKept(letter.topic)) return undefined;
  return {
    ...letter,
    offset: BigInt(letter.offset),
    timestamp: letter.firstFailedAt,
    headers: Object.fromEntries(
      Object.entries(letter.headers).map(([name, value]) => [name, Buffer.from(value, 'base64')]),
    ),
  };
}

/** Reads it in the log again; null when a newer one of its key has taken its place there. */
export async function readAgain(log: EventLog, letter: Letter): Promise<LogRecord | null> {
  const { topic, partition } = letter;
  const offset = BigInt(letter.offset);
  const { records } = await log.read({ topic, partition, offset });
  return records.find((record) => record.offset === offset) ?? null;
}
