import type { Logger, MetricsRegistry } from '@regulars/observability';
import type { ProblemListener, Refusal } from './answer-problem.js';
import { requestContext, type HttpReply, type HttpRequest } from './request-context.js';

/** Limits of the answer times that the service promises lie on the borders. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counts and logs what the API does. Labels are route templates and constants, never what a caller wrote. */
export class HttpMonitor implements ProblemListener {
  private readonly requests;
  private readonly durations;
  private readonly refusals;

  constructor(
    metrics: MetricsRegistry,
    private readonly logger: Logger | undefined,
  ) {
    this.requests = metrics.counter(
      'regulars_http_requests_total',
      'Requests answered, by class of status.',
      ['route', 'method', 'status'],
    );
    this.durations = metrics.histogram(
      'regulars_http_request_duration_seconds',
      'Time from the request to its answer.',
      BUCKETS,
      ['route', 'method'],
    );
    this.refusals = metrics.counter(
      'regulars_http_refusals_total',
      'Requests refused, by code of the problem.',
      ['reason'],
    );
    for (const reason of KNOWN_REASONS) this.refusals.inc({ reason }, 0);
    this.known('unmatched', 'other');
  }

  /**
   * Puts a route's counts at zero, so that the first error is a rise and not a beginning. Not its durations: of a hundred
   * routes that nobody calls they would be half of what is scraped.
   */
  known(route: string, method: string): void {
    for (const status of STATUS_CLASSES) this.requests.inc({ route, method, status }, 0);
  }

  answered(request: HttpRequest, reply: HttpReply): void {
    const route = request.is404 ? undefined : request.routeOptions.url;
    const labels =
      route === undefined
        ? { route: 'unmatched', method: 'other' }
        : { route, method: request.method };
    const status = `${String(Math.floor(reply.statusCode / 100))}xx`;
    this.requests.inc({ ...labels, status });
    this.durations.observe(labels, reply.elapsedTime / 1_000);
  }

  refused(request: HttpRequest, refusal: Refusal): void {
    const { code: reason, status } = refusal;
    this.refusals.inc({ reason });
    const line = { ...whereOf(request), reason, status };
    if (SECURITY.has(status)) this.logger?.warn(line, 'refused');
    // Thousands a second when it matters: the series tells how many, and one line that it began.
    else if (reason === 'overloaded') this.logger?.debug(line, 'refused');
    else if (status >= 500) this.logger?.warn({ ...line, err: refusal.cause }, 'not available');
    else this.logger?.debug(line, 'refused');
  }

  failed(request: HttpRequest, error: unknown): void {
    this.refusals.inc({ reason: 'internal' });
    this.logger?.error({ ...whereOf(request), err: error }, 'request failed');
  }
}

const SECURITY = new Set([401, 403, 429]);
const STATUS_CLASSES = ['2xx', '4xx', '5xx'];
const KNOWN_REASONS = [
  'no-key',
  'wrong-key',
  'missing-scope',
  'rate-limited',
  'invalid-request',
  'malformed-json',
  'malformed',
  'no-such-route',
  'too-large',
  'unsupported-media-type',
  'request-in-progress',
  'idempotency-key-reused',
  'unavailable',
  'overloaded',
  'not-ready',
  'internal',
];

function whereOf(request: HttpRequest): object {
  const { traceId, correlationId, apiKey } = requestContext(request);
  const route = request.is404 ? 'unmatched' : request.routeOptions.url;
  return { route, method: request.method, traceId, correlationId, key: apiKey?.id };
}
