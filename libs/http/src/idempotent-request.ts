import { createHash } from 'node:crypto';
import { badInput } from './problems.js';
import { requestContext, type HttpRequest } from './request-context.js';

/** A call that its caller can repeat: the answer is kept under (key of the caller, key of the call). */
export interface IdempotentRequest {
  readonly apiKeyId: string;
  readonly key: string;
  /** Hash of method, path and content: the same key with another content is a mistake of the caller. */
  readonly fingerprint: string;
}

/** What the `Idempotency-Key` of a request says; undefined when it has none. 400 when it is no usable key. */
export function idempotentRequest(request: HttpRequest): IdempotentRequest | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw badInput(
      'bad-idempotency-key',
      'Send one Idempotency-Key of 1 to 255 visible ASCII characters, such as a UUID.',
      { pointer: '/idempotency-key', in: 'header' },
    );
  }
  return {
    apiKeyId: requestContext(request).apiKey?.id ?? '',
    key,
    fingerprint: fingerprintOf(request.method, request.url, request.body),
  };
}

/** The order of the fields in a JSON object says nothing, so it is not part of the content. */
export function fingerprintOf(method: string, url: string, body: unknown): string {
  const content = Buffer.isBuffer(body) ? body : JSON.stringify(body ?? null, sortedFields);
  return createHash('sha256').update(`${method} ${url}\n`).update(content).digest('hex');
}

function sortedFields(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const fields = Object.entries(value);
  return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
}
