import type { LogRecord } from './event-log.js';
import type { Decoded } from './record-decoder.js';

export interface Sorted {
  readonly go: readonly Decoded[];
  readonly parked: readonly LogRecord[];
}

/** The name of a key in sets and maps. */
export const nameOfKey = (key: Uint8Array): string => Buffer.from(key).toString('base64');

/**
 * What of a batch must wait: everything of a key that is blocked, and what follows an event that cannot be decoded.
 * Pure.
 */
export function park(items: readonly Decoded[], blockedBefore: ReadonlySet<string>): Sorted {
  const blocked = new Set(blockedBefore);
  const go: Decoded[] = [];
  const parked: LogRecord[] = [];
  for (const item of items) {
    const { key } = item.record;
    const name = key === null || item.kind === 'not-consumed' ? undefined : nameOfKey(key);
    if (name !== undefined && blocked.has(name)) parked.push(item.record);
    else go.push(item);
    if (name !== undefined && item.kind === 'undecodable') blocked.add(name);
  }
  return { go, parked };
}
