import type { HealthRegistry, Logger, MetricsRegistry } from '@regulars/observability';
import type { ApiKeys } from './api-keys.js';

/** What the API of a service is made with. */
export interface HttpOptions {
  readonly service: string;
  readonly apiKeys: ApiKeys;
  readonly metrics: MetricsRegistry;
  readonly health: HealthRegistry;
  readonly logger?: Logger;
  /** Bytes of a body; 5 MB by default. */
  readonly bodyLimit?: number;
  /** Calls per minute and key, in this process. */
  readonly rateLimitPerMinute?: number;
  /** Requests under way in this process; more are refused. */
  readonly requestsAtOnce?: number;
  /** Why routes marked `@RefusedUnderLoad()` take nothing just now, in a sentence for their callers. Asked per request. */
  readonly behind?: () => string | undefined;
  /** Whether `/docs` and `/openapi.json` are served. */
  readonly docs?: boolean;
  /** Addresses of proxies whose X-Forwarded-For is believed; none by default. */
  readonly trustedProxies?: readonly string[];
}

export const DEFAULT_BODY_LIMIT = 5 * 1024 * 1024;
export const DEFAULT_RATE_PER_MINUTE = 6_000;
export const DEFAULT_REQUESTS_AT_ONCE = 500;
