import type { ApiKeyRecord } from './api-key.js';
import type { ApiKeys } from './api-keys.js';
import { ProblemError } from './problem-error.js';
import { requestContext, type HttpReply, type HttpRequest } from './request-context.js';
import type { RouteAccess } from './scope.js';
import type { Allowance, TokenBuckets } from './token-buckets.js';

/** Who comes in: decided before the body is read, so that a stranger cannot make us read one. */
export class Admission {
  constructor(
    private readonly keys: ApiKeys,
    private readonly buckets: TokenBuckets,
  ) {}

  /** Throws 401, 403 or 429; afterwards the request's context knows the key. */
  admit(request: HttpRequest, reply: HttpReply, access: RouteAccess): void {
    if (!access.public) {
      const key = this.keyOf(request);
      requestContext(request).apiKey = key;
      this.limit(`key ${key.id}`, reply);
      requireScope(key, access);
    } else if (access.limited) {
      this.limit(`peer ${request.ip}`, reply);
    }
  }

  private keyOf(request: HttpRequest): ApiKeyRecord {
    const header = request.headers.authorization;
    if (header === undefined) throw unauthorized('no-key', 'Send "Authorization: Bearer rk_...".');
    const [, text = ''] = /^Bearer +(\S+) *$/i.exec(header) ?? [];
    const key = this.keys.match(text);
    // One answer for garbage, wrong, revoked and expired: it must not tell a thief how close he is.
    if (key === undefined)
      throw unauthorized('wrong-key', 'Send a key that exists and is in force.');
    return key;
  }

  private limit(caller: string, reply: HttpReply): void {
    const allowance = this.buckets.take(caller, performance.now());
    const headers = limitHeaders(allowance, this.buckets.perMinute);
    void reply.headers(headers);
    if (allowance.allowed) return;
    throw new ProblemError({
      status: 429,
      code: 'rate-limited',
      title: 'Too many requests',
      detail:
        'Wait for the seconds in Retry-After, then go on; send batches instead of single items.',
      headers: { ...headers, 'retry-after': String(allowance.resetSeconds) },
    });
  }
}

function requireScope(key: ApiKeyRecord, access: RouteAccess): void {
  const held = key.scopes;
  if (held.includes('admin') || access.scopes.some((scope) => held.includes(scope))) return;
  const wanted = access.scopes.join(' or ');
  throw new ProblemError({
    status: 403,
    code: 'missing-scope',
    title: 'The key may not do this',
    detail: `This needs a key with the scope ${wanted}.`,
    extensions: { scopes: access.scopes },
  });
}

function unauthorized(code: 'no-key' | 'wrong-key', detail: string): ProblemError {
  return new ProblemError({
    status: 401,
    code,
    title: 'A valid API key is needed',
    detail,
    headers: { 'www-authenticate': 'Bearer' },
  });
}

/** draft-ietf-httpapi-ratelimit-headers: q calls in a window of w seconds; r left, t seconds to go. */
function limitHeaders(allowance: Allowance, perMinute: number): Record<string, string> {
  return {
    'ratelimit-policy': `"default";q=${String(perMinute)};w=60`,
    ratelimit: `"default";r=${String(allowance.remaining)};t=${String(allowance.resetSeconds)}`,
  };
}
