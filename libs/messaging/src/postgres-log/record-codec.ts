import type { LogRecord, OutgoingRecord } from '../event-log.js';

/** Headers as JSON text, one character per byte: readable in psql, and any bytes come back unchanged. */
export function encodeHeaders(headers: OutgoingRecord['headers']): string {
  return JSON.stringify(
    Object.fromEntries(
      Object.entries(headers).map(([name, bytes]) => [name, asBuffer(bytes).toString('latin1')]),
    ),
  );
}

export function decodeHeaders(stored: Readonly<Record<string, string>>): LogRecord['headers'] {
  return Object.fromEntries(
    Object.entries(stored).map(([name, text]) => [name, Buffer.from(text, 'latin1')]),
  );
}

export interface Pair {
  readonly epoch: bigint;
  readonly sequence: bigint;
}

/** What orders the records of a key; undefined for a record that is no event of ours. */
export function pairOf({ headers }: OutgoingRecord): Pair | undefined {
  const epoch = wholeNumber(headers['epoch']);
  const sequence = wholeNumber(headers['sequence']);
  return epoch === undefined || sequence === undefined ? undefined : { epoch, sequence };
}

export function isNewer(pair: Pair | undefined, held: Pair | undefined): boolean {
  if (!pair || !held) return true;
  return pair.epoch === held.epoch ? pair.sequence > held.sequence : pair.epoch > held.epoch;
}

/** Bytes that count against a topic's limit. */
export function sizeOf({ key, value, headers }: OutgoingRecord): number {
  const inHeaders = Object.entries(headers).reduce(
    (sum, [name, bytes]) => sum + Buffer.byteLength(name) + bytes.byteLength,
    0,
  );
  return (key?.byteLength ?? 0) + (value?.byteLength ?? 0) + inHeaders;
}

export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function wholeNumber(header: Uint8Array | undefined): bigint | undefined {
  if (header === undefined) return undefined;
  const text = asBuffer(header).toString('latin1');
  return /^\d{1,18}$/.test(text) ? BigInt(text) : undefined;
}
