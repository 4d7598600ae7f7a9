import type { LogRecord, OutgoingRecord } from '../event-log.js';

/** Headers as JSON text, one character per byte: readable in psql, and any bytes come back unchanged. */
export function encodeHeaders(headers: OutgoingRecord['headers']): string {
  // Without a prototype: "__proto__" is a name like any other.
  const texts = Object.create(null) as Record<string, string>;
  for (const name in headers) {
    const bytes = headers[name];
    if (bytes) texts[name] = asBuffer(bytes).toString('latin1');
  }
  return JSON.stringify(texts);
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
