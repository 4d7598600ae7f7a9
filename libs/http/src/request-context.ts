import type { FastifyReply, FastifyRequest } from 'fastify';
import { newId, randomDigits } from '@regulars/kernel';
import type { ApiKeyRecord } from './api-key.js';

export type HttpRequest = FastifyRequest;
export type HttpReply = FastifyReply;

/** What an answer looks like before it is sent. */
export interface Answer<T = unknown> {
  readonly status: number;
  readonly body: T;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What we know about a request beside its content. */
export interface RequestContext {
  /** W3C trace: the caller's trace id when its `traceparent` is valid, else a new one. */
  readonly traceId: string;
  /**
   * `traceparent` with a span id of ours, for outbox rows; undefined unless the caller's says that the trace is kept. What
   * nobody keeps would be a thirtieth of all that a purchase makes Postgres write.
   */
  readonly traceparent: string | undefined;
  /** Always ours, never the caller's text. */
  readonly correlationId: string;
  /** The key that the request came with; undefined on public routes. */
  apiKey?: ApiKeyRecord;
  /** Status and headers that win over the controller's. */
  answer?: Omit<Answer, 'body'> & { readonly refusal?: string };
}

declare module 'fastify' {
  interface FastifyRequest {
    regulars: RequestContext | null;
  }
}

/** The context of a request; made on first use. */
export function requestContext(request: HttpRequest): RequestContext {
  return (request.regulars ??= newContext(request.headers.traceparent));
}

/** Sends `answer.status` and `answer.headers` with what the controller returns: `return answerWith(request, answer)`. */
export function answerWith<T>(request: HttpRequest, answer: Answer<T>): T {
  const { status, headers = {}, body } = answer;
  const refusal = status >= 400 ? { refusal: codeOf(body) } : {};
  requestContext(request).answer = { status, headers, ...refusal };
  return body;
}

/** Codes are constants of our code; what is none must not become a label. */
function codeOf(body: unknown): string {
  const { code } = (body ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^[a-z0-9-]{1,64}$/.test(code) ? code : 'unnamed';
}

/** The trace a request belongs to, for what answers without a context of its own. */
export function traceIdOf(traceparent: unknown): string {
  return newContext(traceparent).traceId;
}

function newContext(traceparent: unknown): RequestContext {
  const parent = typeof traceparent === 'string' ? TRACEPARENT.exec(traceparent) : null;
  const [, traceId = randomDigits(32), flags = '00'] = parent ?? [];
  const sampled = (Number.parseInt(flags, 16) & SAMPLED) !== 0;
  return {
    traceId,
    traceparent: sampled ? `00-${traceId}-${randomDigits(16)}-${flags}` : undefined,
    correlationId: newId(),
  };
}

const SAMPLED = 1;
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;
