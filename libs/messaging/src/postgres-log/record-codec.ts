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
